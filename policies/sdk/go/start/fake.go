// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package start

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// What is judged: the host or one program.
	GetScope func() Scope
	// The starts from index `offset`, sorted by program, then by origin; at
	// most `limit` of them (the engine gives no more than 1024).
	Starts func(offset uint32, limit uint32) ([]Start, error)
	// The processes whose program is not known, by process id, from index
	// `offset`, at most `limit` (no more than 1024). Threads of the kernel
	// and processes that ended meanwhile are not among them. Unknown where
	// it is not known which processes there are; empty for an image.
	HiddenProcesses func(offset uint32, limit uint32) ([]Hidden, error)
}

func getScope() Scope {
	if Fake.GetScope == nil {
		var zero Scope
		return zero
	}
	return Fake.GetScope()
}

func starts(offset uint32, limit uint32) ([]Start, error) {
	if Fake.Starts == nil {
		var zero []Start
		return zero, policy.NotCollected("start.starts")
	}
	return Fake.Starts(offset, limit)
}

func hiddenProcesses(offset uint32, limit uint32) ([]Hidden, error) {
	if Fake.HiddenProcesses == nil {
		var zero []Hidden
		return zero, policy.NotCollected("start.hidden-processes")
	}
	return Fake.HiddenProcesses(offset, limit)
}
