// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package gobinary

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// What the program says of itself. Absent where the file was not built
	// by Go; an absent file is absent with its path.
	Get func(path string) (Program, error)
	// The modules that it was built from, the main module left out, in the
	// order of the build information, from index `offset`, at most `limit`
	// (the engine gives no more than 1024).
	Dependencies func(path string, offset uint32, limit uint32) ([]Module, error)
	// Functions by address, from index `offset` of those that match, at
	// most `limit` (no more than 1024).
	Functions func(path string, filter FunctionFilter, offset uint32, limit uint32) ([]Function, error)
	// Calls that are proven, sorted by caller and callee, from index
	// `offset` of those that match, at most `limit` (no more than 1024).
	// Callers outside of the main module are unknown where the collector
	// did not take them.
	Calls func(path string, filter CallFilter, offset uint32, limit uint32) ([]Call, error)
}

func get(path string) (Program, error) {
	if Fake.Get == nil {
		var zero Program
		return zero, policy.NotCollected("go-binary.get")
	}
	return Fake.Get(path)
}

func dependencies(path string, offset uint32, limit uint32) ([]Module, error) {
	if Fake.Dependencies == nil {
		var zero []Module
		return zero, policy.NotCollected("go-binary.dependencies")
	}
	return Fake.Dependencies(path, offset, limit)
}

func functions(path string, filter FunctionFilter, offset uint32, limit uint32) ([]Function, error) {
	if Fake.Functions == nil {
		var zero []Function
		return zero, policy.NotCollected("go-binary.functions")
	}
	return Fake.Functions(path, filter, offset, limit)
}

func calls(path string, filter CallFilter, offset uint32, limit uint32) ([]Call, error) {
	if Fake.Calls == nil {
		var zero []Call
		return zero, policy.NotCollected("go-binary.calls")
	}
	return Fake.Calls(path, filter, offset, limit)
}
