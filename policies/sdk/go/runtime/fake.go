// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package runtime

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// The time as of which to judge, in seconds since 1970-01-01 UTC: the
	// time of the capture, or what the user gave with `--as-of`.
	Now func() int64
	// A number for generators that want one that others can't guess: made
	// from the digests of the snapshot and the policy, and the rule's code.
	Seed func() uint64
}

func now() int64 {
	if Fake.Now == nil {
		var zero int64
		return zero
	}
	return Fake.Now()
}

func seed() uint64 {
	if Fake.Seed == nil {
		var zero uint64
		return zero
	}
	return Fake.Seed()
}
