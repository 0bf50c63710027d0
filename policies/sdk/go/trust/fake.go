// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package trust

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// How this host keeps trust.
	GetLayout func() (Layout, error)
	// What a library trusts on this host.
	GetPool func(request PoolRequest) (Pool, error)
	// Certificates of a pool in the library's order, those that it can't use
	// among them, from index `offset`, at most `limit` (the engine gives no
	// more than 256).
	PoolCertificates func(request PoolRequest, offset uint32, limit uint32) ([]PoolCertificate, error)
	// What a certificate says, by the SHA-256 of its DER in hexadecimal.
	// Absent where no store has it.
	GetDetails func(fingerprint string) (Details, error)
	// Mozilla's list.
	GetKnownRoots func() KnownRoots
	// A root of Mozilla's list by the SHA-256 of its DER. Absent where it is
	// not in the list.
	FindKnownRoot func(fingerprint string) (KnownRoot, error)
	// Roots of Mozilla's list that no store of the host has, by subject,
	// from index `offset`, at most `limit` (no more than 256).
	MissingKnownRoots func(offset uint32, limit uint32) ([]KnownRoot, error)
	// How sources and what was made of them differ, by path, from index
	// `offset`, at most `limit` (no more than 256).
	Drifts func(offset uint32, limit uint32) ([]Drift, error)
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

func getLayout() (Layout, error) {
	if Fake.GetLayout == nil {
		var zero Layout
		return zero, policy.NotCollected("trust.get-layout")
	}
	return Fake.GetLayout()
}

func getPool(request PoolRequest) (Pool, error) {
	if Fake.GetPool == nil {
		var zero Pool
		return zero, policy.NotCollected("trust.get-pool")
	}
	return Fake.GetPool(request)
}

func poolCertificates(request PoolRequest, offset uint32, limit uint32) ([]PoolCertificate, error) {
	if Fake.PoolCertificates == nil {
		var zero []PoolCertificate
		return zero, policy.NotCollected("trust.pool-certificates")
	}
	return Fake.PoolCertificates(request, offset, limit)
}

func getDetails(fingerprint string) (Details, error) {
	if Fake.GetDetails == nil {
		var zero Details
		return zero, policy.NotCollected("trust.get-details")
	}
	return Fake.GetDetails(fingerprint)
}

func getKnownRoots() KnownRoots {
	if Fake.GetKnownRoots == nil {
		var zero KnownRoots
		return zero
	}
	return Fake.GetKnownRoots()
}

func findKnownRoot(fingerprint string) (KnownRoot, error) {
	if Fake.FindKnownRoot == nil {
		var zero KnownRoot
		return zero, policy.NotCollected("trust.find-known-root")
	}
	return Fake.FindKnownRoot(fingerprint)
}

func missingKnownRoots(offset uint32, limit uint32) ([]KnownRoot, error) {
	if Fake.MissingKnownRoots == nil {
		var zero []KnownRoot
		return zero, policy.NotCollected("trust.missing-known-roots")
	}
	return Fake.MissingKnownRoots(offset, limit)
}

func drifts(offset uint32, limit uint32) ([]Drift, error) {
	if Fake.Drifts == nil {
		var zero []Drift
		return zero, policy.NotCollected("trust.drifts")
	}
	return Fake.Drifts(offset, limit)
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
