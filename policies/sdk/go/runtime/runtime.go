// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package runtime: Time and chance, as far as a policy may know them: the same again each
// time that the same snapshot is judged.
package runtime

// Now: The time as of which to judge, in seconds since 1970-01-01 UTC: the
// time of the capture, or what the user gave with `--as-of`.
func Now() int64 {
	return now()
}

// Seed: A number for generators that want one that others can't guess: made
// from the digests of the snapshot and the policy, and the rule's code.
func Seed() uint64 {
	return seed()
}
