// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package start: What the host starts: one list of the programs that run, that units start,
// or that the user has named. When one program is judged (`casefile why`),
// it alone is in the list.
package start

import (
	"strconv"

	"casefile/policy"
)

// OriginCase: Which Origin it is.
type OriginCase uint8

// Values of OriginCase.
const (
	// The user has named it.
	OriginNamed OriginCase = iota
	// It runs, as this process.
	OriginProcess
	// A unit of systemd starts it.
	OriginUnit
	// A unit starts it under conditions alone, or goes on when the
	// program can't be started.
	OriginOptionalUnit
)

// String is the name in the contract.
func (o OriginCase) String() string {
	switch o {
	case OriginNamed:
		return "named"
	case OriginProcess:
		return "process"
	case OriginUnit:
		return "unit"
	case OriginOptionalUnit:
		return "optional-unit"
	}
	return strconv.Itoa(int(o))
}

// Origin: Why a program is in the list.
type Origin struct {
	// Which one it is.
	Case OriginCase `wit:"case"`
	// The value of OriginProcess.
	Process uint32 `wit:"process"`
	// The value of OriginUnit.
	Unit string `wit:"unit"`
	// The value of OriginOptionalUnit.
	OptionalUnit string `wit:"optional-unit"`
}

// Start: One start of a program, as it happened or would happen.
type Start struct {
	// Its place in the list, from 0, by which it is asked for elsewhere:
	// `environment.of-start`, `elf.resolve-start`.
	Index uint32 `wit:"index"`
	// The program's path, symbolic links resolved.
	Program string `wit:"program"`
	// Why it is in the list.
	Origin Origin `wit:"origin"`
	// The real user id; none where it is not known.
	UID *uint32 `wit:"uid"`
	// Its group in the hierarchy of version 2 (`/system.slice/a.service`);
	// none where it is not known or there is no such hierarchy.
	Cgroup *string `wit:"cgroup"`
	// The current directory, against which relative paths are read;
	// none where it is not known.
	WorkingDirectory *string `wit:"working-directory"`
}

// Hidden: A process of which the program is not known.
type Hidden struct {
	// The process.
	Pid uint32 `wit:"pid"`
	// Why its program is not known.
	Absence *policy.Absent `wit:"absence"`
}

// Scope: What is judged.
type Scope uint8

// Values of Scope.
const (
	// The host, with all that it starts.
	ScopeHost Scope = iota
	// One program: what has nothing to do with it does not concern the
	// user.
	ScopeProgram
)

// String is the name in the contract.
func (s Scope) String() string {
	switch s {
	case ScopeHost:
		return "host"
	case ScopeProgram:
		return "program"
	}
	return strconv.Itoa(int(s))
}

// GetScope: What is judged: the host or one program.
func GetScope() Scope {
	return getScope()
}

// Starts: The starts from index `offset`, sorted by program, then by origin; at
// most `limit` of them (the engine gives no more than 1024).
func Starts(offset uint32, limit uint32) ([]Start, error) {
	return starts(offset, limit)
}

// HiddenProcesses: The processes whose program is not known, by process id, from index
// `offset`, at most `limit` (no more than 1024). Threads of the kernel
// and processes that ended meanwhile are not among them. Unknown where
// it is not known which processes there are; empty for an image.
func HiddenProcesses(offset uint32, limit uint32) ([]Hidden, error) {
	return hiddenProcesses(offset, limit)
}
