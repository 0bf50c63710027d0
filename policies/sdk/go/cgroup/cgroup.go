// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package cgroup: Control groups: where a process belongs, and what its group may use.
package cgroup

import (
	"strconv"

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

// MemberCase: Which Member it is.
type MemberCase uint8

// Values of MemberCase.
const (
	// Those of a process, of both versions.
	MemberProcess MemberCase = iota
	// A group of version 2 by its path.
	MemberGroup
)

// String is the name in the contract.
func (m MemberCase) String() string {
	switch m {
	case MemberProcess:
		return "process"
	case MemberGroup:
		return "group"
	}
	return strconv.Itoa(int(m))
}

// Member: Whose groups are meant.
type Member struct {
	// Which one it is.
	Case MemberCase `wit:"case"`
	// The value of MemberProcess.
	Process uint32 `wit:"process"`
	// The value of MemberGroup.
	Group string `wit:"group"`
}

// ResourceKind: What groups limit.
type ResourceKind uint8

// Values of ResourceKind.
const (
	// Memory in bytes: `memory.max`, `memory.limit_in_bytes`.
	ResourceKindMemory ResourceKind = iota
	// Memory in bytes above which the kernel slows down: `memory.high`.
	ResourceKindMemoryHigh
	// Swap in bytes: `memory.swap.max`.
	ResourceKindSwap
	// Processes and threads: `pids.max`.
	ResourceKindPids
	// Processor time in thousandths of a processor: `cpu.max`,
	// `cpu.cfs_quota_us`.
	ResourceKindCPU
)

// String is the name in the contract.
func (r ResourceKind) String() string {
	switch r {
	case ResourceKindMemory:
		return "memory"
	case ResourceKindMemoryHigh:
		return "memory-high"
	case ResourceKindSwap:
		return "swap"
	case ResourceKindPids:
		return "pids"
	case ResourceKindCPU:
		return "cpu"
	}
	return strconv.Itoa(int(r))
}

// Level: What one group allows.
type Level struct {
	// Its path in its hierarchy.
	Group string `wit:"group"`
	// The version of the hierarchy: 1 or 2.
	Version uint8 `wit:"version"`
	// The limit; none for unlimited.
	Limit *uint64 `wit:"limit"`
	// What is used of it; none where the kernel does not say (`cpu`).
	Used *uint64 `wit:"used"`
	// Where the limit was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Levels: What a group and all groups above it allow.
type Levels struct {
	// From the group itself up to the root; groups without the
	// controller are left out.
	Entries []Level `wit:"entries"`
	// What could not be read of them.
	Unknown []*policy.Absent `wit:"unknown"`
}

// Event: What happened in one group, those below it included.
type Event struct {
	// The group's path.
	Group string `wit:"group"`
	// `oom_kill`, `max`, `nr_throttled`, `nr_periods` ...
	Name string `wit:"name"`
	// How often, since the group was made.
	Count uint64 `wit:"count"`
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

// Limits: What a process or group may use: all limits bind, the least of them
// first. Absent where no hierarchy has the controller.
func Limits(of Member, what ResourceKind) (Levels, error) {
	return limits(of, what)
}

// Events: What happened for want of a resource, from the group up to the root:
// `memory.events` (`memory.oom_control` and `memory.failcnt` of version
// 1), `pids.events`, `cpu.stat`.
func Events(of Member, what ResourceKind) ([]Event, error) {
	return events(of, what)
}
