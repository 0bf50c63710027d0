// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package environment

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// One variable of a process as it started (/proc/PID/environ): absent
	// where it was not set, unknown (redacted) where its value is hidden.
	Get func(pid uint32, name string) (Variable, error)
	// Names of all variables of a process, in order, hidden ones too.
	Names func(pid uint32) ([]string, error)
	// One variable of a start, by its index in the list of `start.starts`:
	// absent where it is not set, unknown where its value is hidden or what
	// the start's environment would be is not known.
	OfStart func(index uint32, name string) (Variable, error)
	// Names of all variables of a start, in order.
	NamesOfStart func(index uint32) ([]string, error)
}

func get(pid uint32, name string) (Variable, error) {
	if Fake.Get == nil {
		var zero Variable
		return zero, policy.NotCollected("environment.get")
	}
	return Fake.Get(pid, name)
}

func names(pid uint32) ([]string, error) {
	if Fake.Names == nil {
		var zero []string
		return zero, policy.NotCollected("environment.names")
	}
	return Fake.Names(pid)
}

func ofStart(index uint32, name string) (Variable, error) {
	if Fake.OfStart == nil {
		var zero Variable
		return zero, policy.NotCollected("environment.of-start")
	}
	return Fake.OfStart(index, name)
}

func namesOfStart(index uint32) ([]string, error) {
	if Fake.NamesOfStart == nil {
		var zero []string
		return zero, policy.NotCollected("environment.names-of-start")
	}
	return Fake.NamesOfStart(index)
}
