// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package parameters

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// The value of a parameter that the policy describes: the user's, else
	// the default. Absent for a name that it does not describe.
	Get func(name string) (policy.Value, error)
}

func get(name string) (policy.Value, error) {
	if Fake.Get == nil {
		var zero policy.Value
		return zero, policy.NotCollected("parameters.get")
	}
	return Fake.Get(name)
}
