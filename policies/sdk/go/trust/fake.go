// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package trust

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// Every place where Go, OpenSSL or GnuTLS looks, on any distribution.
	// Proven absent where none exists.
	GetStores func() (Stores, error)
	// Certificates of one store in its order (directories: by file name, a
	// file that several links lead to once), from index `offset`, at most
	// `limit` (the engine gives no more than 256). A file of a directory
	// that could not be read takes one index: pages end before it, and the
	// page that begins with it is its absence. Empty behind the last.
	Certificates func(store string, offset uint32, limit uint32) ([]Certificate, error)
}

func getStores() (Stores, error) {
	if Fake.GetStores == nil {
		var zero Stores
		return zero, policy.NotCollected("trust.get-stores")
	}
	return Fake.GetStores()
}

func certificates(store string, offset uint32, limit uint32) ([]Certificate, error) {
	if Fake.Certificates == nil {
		var zero []Certificate
		return zero, policy.NotCollected("trust.certificates")
	}
	return Fake.Certificates(store, offset, limit)
}
