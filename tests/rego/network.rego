# Rules as users of conftest write them today: package main, OPA 1.0.
package main

import rego.v1

least_backlog := 1024

deny contains msg if {
	value := input.sysctl["net.core.somaxconn"]
	value < least_backlog
	msg := sprintf("net.core.somaxconn is %d, want %d or more", [value, least_backlog])
}

warn contains msg if {
	input.sysctl["net.ipv4.tcp_syncookies"] != 1
	msg := "SYN cookies are off"
}

# No kernel has this setting: what is proven absent is undefined.
deny_no_such contains "there is such a setting" if input.sysctl["net.no_such"]

# This one was not collected: that is something else.
deny_not_known contains "the port range is small" if {
	range := split(input.sysctl["net.ipv4.ip_local_port_range"], "\t")
	to_number(range[1]) - to_number(range[0]) < 10000
}

test_backlog_is_denied if {
	count(deny) == 1 with input as {"sysctl": {"net.core.somaxconn": 1}}
}
