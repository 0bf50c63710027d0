// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package script

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// The script that was attached to the component (a custom section
	// `casefile:script` at its end); none where there is none.
	Get func() *Source
}

func get() *Source {
	if Fake.Get == nil {
		var zero *Source
		return zero
	}
	return Fake.Get()
}
