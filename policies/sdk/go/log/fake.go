// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package log

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// Writes one message. The engine keeps the first 64 KiB of a rule's.
	Write func(level Level, message string)
}

func write(level Level, message string) {
	if Fake.Write == nil {
		return
	}
	Fake.Write(level, message)
}
