# METADATA
# title: Settings of the network stack
# custom:
#   version: "0.1.0"
#   parameters:
#     - name: least
#       default: 1024
#       documentation: Fewest connections that may wait to be accepted.
package policy_name

import rego.v1

# METADATA
# scope: document
# title: The listen backlog is short
# custom:
#   code: backlog-short
#   severity: medium
#   exit_class: network
#   documentation: |
#     ## What it checks
#
#     Whether `net.core.somaxconn`, the most connections that may wait to be
#     accepted by a program, is at least the parameter `least`.
#
#     ## Why it matters
#
#     Connections beyond it are dropped: clients see timeouts under load, and
#     nothing is logged.
#
#     ## How to fix
#
#     Write `net.core.somaxconn = 1024` into a file in `/etc/sysctl.d`, and run
#     `sysctl --system`. Restart the programs that listen: the value counts
#     when they call listen(2).
#
#     ## References
#
#     - listen(2)
#     - Documentation/admin-guide/sysctl/net.rst of the kernel
finding contains result if {
	setting := casefile.sysctl.get_number("net.core.somaxconn")
	setting.value >= input.parameters.least
	result := object.union(about(setting), {
		"outcome": "pass",
		"message": "the listen backlog is long enough",
	})
}

finding contains result if {
	setting := casefile.sysctl.get_number("net.core.somaxconn")
	setting.value < input.parameters.least
	result := object.union(about(setting), {
		"outcome": "fail",
		"message": "connections are dropped under load",
		"remedy": sprintf("set net.core.somaxconn to %d", [input.parameters.least]),
	})
}

# What can't be read needs no rule of its own: the call is undefined then, and
# Casefile ends the rule as unknown.
about(setting) := {
	"subject": "net.core.somaxconn",
	"actual": sprintf("%d", [setting.value]),
	"wanted": sprintf(">= %d", [input.parameters.least]),
	"evidence": [setting.evidence],
}
