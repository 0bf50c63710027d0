// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package tools

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// The names that are looked for, sorted: `curl`, `openssl`, `wget` ...
	Names func() []string
	// The tool of a name: the first on the usual search path
	// (/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin).
	// Absent where no directory of it has one.
	Get func(name string) (Tool, error)
}

func names() []string {
	if Fake.Names == nil {
		var zero []string
		return zero
	}
	return Fake.Names()
}

func get(name string) (Tool, error) {
	if Fake.Get == nil {
		var zero Tool
		return zero, policy.NotCollected("tools.get")
	}
	return Fake.Get(name)
}
