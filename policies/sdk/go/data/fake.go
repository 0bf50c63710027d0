// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package data

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// The names of the files, sorted.
	Names func() []string
	// A file's bytes; absent where there is none of this name.
	Read func(name string) ([]uint8, error)
	// A file's text; unknown (malformed) where it is not UTF-8.
	ReadText func(name string) (string, error)
}

func names() []string {
	if Fake.Names == nil {
		var zero []string
		return zero
	}
	return Fake.Names()
}

func read(name string) ([]uint8, error) {
	if Fake.Read == nil {
		var zero []uint8
		return zero, policy.NotCollected("data.read")
	}
	return Fake.Read(name)
}

func readText(name string) (string, error) {
	if Fake.ReadText == nil {
		var zero string
		return zero, policy.NotCollected("data.read-text")
	}
	return Fake.ReadText(name)
}
