# Rules as they were written before OPA 1.0.
package main

deny[msg] {
	not startswith(input.host.kernel.release, "6.")
	msg = sprintf("kernel %s is too old", [input.host.kernel.release])
}

warn[msg] {
	input.host.os.id == "debian"
	to_number(input.host.os.version_id) < 12
	msg := "this Debian is no longer supported"
}
