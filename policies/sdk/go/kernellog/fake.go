// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package kernellog

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// What of the log there is.
	GetCoverage func() (Coverage, error)
	// Lines that have a text in them, the oldest first, from index `offset`
	// of those, at most `limit` (the engine gives no more than 1024). An
	// empty text is in every line.
	Lines func(containing string, offset uint32, limit uint32) ([]Line, error)
	// Processes that were killed for want of memory, the oldest first, from
	// index `offset`, at most `limit` (no more than 1024).
	MemoryKills func(offset uint32, limit uint32) ([]MemoryKill, error)
}

func getCoverage() (Coverage, error) {
	if Fake.GetCoverage == nil {
		var zero Coverage
		return zero, policy.NotCollected("kernel-log.get-coverage")
	}
	return Fake.GetCoverage()
}

func lines(containing string, offset uint32, limit uint32) ([]Line, error) {
	if Fake.Lines == nil {
		var zero []Line
		return zero, policy.NotCollected("kernel-log.lines")
	}
	return Fake.Lines(containing, offset, limit)
}

func memoryKills(offset uint32, limit uint32) ([]MemoryKill, error) {
	if Fake.MemoryKills == nil {
		var zero []MemoryKill
		return zero, policy.NotCollected("kernel-log.memory-kills")
	}
	return Fake.MemoryKills(offset, limit)
}
