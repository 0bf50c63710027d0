// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package kernellog: The kernel's log, as far as it was there to be read: /dev/kmsg or its
// saved form, else the tails of log files.
package kernellog

import (
	"casefile/policy"
)

// Coverage: What of the log there is.
type Coverage struct {
	// It reaches back to the start of the running kernel.
	SinceBoot bool `wit:"since-boot"`
	// How many lines.
	Lines uint32 `wit:"lines"`
	// How many of them were hidden (the kernel's command line).
	Hidden uint32 `wit:"hidden"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Line: One line.
type Line struct {
	// Seconds since the kernel started, in microseconds; none where the
	// source has none.
	SinceBoot *uint64 `wit:"since-boot"`
	// The message, without priority and time.
	Text string `wit:"text"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// MemoryKill: A process that the kernel killed for want of memory.
type MemoryKill struct {
	// Microseconds since the kernel started; none where it is not known.
	SinceBoot *uint64 `wit:"since-boot"`
	// The process; ids are of the first namespace.
	Pid uint32 `wit:"pid"`
	// Its command, at most 15 bytes.
	Name string `wit:"name"`
	// Its user; none where the line has none.
	UID *uint32 `wit:"uid"`
	// The group whose limit was reached: none where the whole host had
	// no memory, or the line that tells is missing.
	LimitedGroup *string `wit:"limited-group"`
	// The group of the process; none where the line is missing.
	Group *string `wit:"group"`
	// Anonymous memory that it had in bytes; none where it is not told.
	Anonymous *uint64 `wit:"anonymous"`
	// Whether a limit of a group was reached, and not that of the host.
	InGroup bool `wit:"in-group"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// GetCoverage: What of the log there is.
func GetCoverage() (Coverage, error) {
	return getCoverage()
}

// Lines: Lines that have a text in them, the oldest first, from index `offset`
// of those, at most `limit` (the engine gives no more than 1024). An
// empty text is in every line.
func Lines(containing string, offset uint32, limit uint32) ([]Line, error) {
	return lines(containing, offset, limit)
}

// MemoryKills: Processes that were killed for want of memory, the oldest first, from
// index `offset`, at most `limit` (no more than 1024).
func MemoryKills(offset uint32, limit uint32) ([]MemoryKill, error) {
	return memoryKills(offset, limit)
}
