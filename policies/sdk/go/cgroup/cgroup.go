// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package cgroup: Control groups: where a process belongs, and what its group may use.
package cgroup

import (
	"casefile/policy"
)

// Membership: One line of /proc/PID/cgroup.
type Membership struct {
	// Hierarchy; 0 for version 2.
	Hierarchy uint32 `wit:"hierarchy"`
	// Controllers of a version 1 hierarchy; empty for version 2.
	Controllers []string `wit:"controllers"`
	// The group's path in its hierarchy: `/system.slice/nginx.service`.
	Path string `wit:"path"`
}

// Memberships: The groups of a process.
type Memberships struct {
	// In the kernel's order.
	Entries []Membership `wit:"entries"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Control: A control file's text.
type Control struct {
	// Without its last newline: `max`, `100000 100000`.
	Text string `wit:"text"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// OfProcess: The groups that a process belongs to.
func OfProcess(pid uint32) (Memberships, error) {
	return ofProcess(pid)
}

// Get: A control file of a version 2 group: `get("/system.slice",
// "pids.max")`. The root group has no limits (absent).
func Get(group string, file string) (Control, error) {
	return get(group, file)
}
