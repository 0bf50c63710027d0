package main

import rego.v1

# METADATA
# title: Few files may be open
# description: Whether each process may open 4096 files.
# custom:
#   severity: MEDIUM
#   exit_class: limits
violation contains {"msg": msg, "subject": subject, "actual": soft, "wanted": 4096, "details": {"pid": process.pid}} if {
	some process in input.processes
	not process.kernel_thread
	soft := process.limits.open_files.soft
	soft < 4096
	subject := sprintf("pid %d %s", [process.pid, process.name])
	msg := sprintf("%s may open %d files", [process.name, soft])
}

# METADATA
# title: A process runs as root
# custom: {code: runs-as-root, pass: no process runs as root}
violation contains {"msg": "runs as root", "subject": process.name} if {
	some process in input.processes
	process.uids[1] == 0
}
