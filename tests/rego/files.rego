# METADATA
# title: Files that others may write
# custom: {id: open-files, version: "1.0.0"}
package acme.files

import rego.v1

paths := ["/etc/hosts", "/etc/motd"]

# METADATA
# custom:
#   code: world-writable
#   needs: [{files: [/etc/hosts, /etc/motd]}]
deny contains {"message": "others may write it", "subject": path} if {
	some path in paths
	bits.and(input.files[path].mode, 2) != 0
}

# METADATA
# custom: {code: hosts-empty, needs: [files]}
deny contains "there is nothing in /etc/hosts" if {
	trim_space(casefile.files.read_text("/etc/hosts").content) == ""
}
