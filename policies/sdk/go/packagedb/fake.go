// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package packagedb

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// The databases of the host. Proven absent where there is none.
	Databases func() ([]Database, error)
	// Installed packages of a name: several of different architectures or
	// versions. Absent where the databases were read and have none.
	Find func(name string) ([]Package, error)
	// Installed packages by name, from index `offset`, at most `limit` (the
	// engine gives no more than 1024).
	Packages func(offset uint32, limit uint32) ([]Package, error)
	// The package that a file of a program or library belongs to. Absent
	// where the databases have all lists of files and none names it; unknown
	// where such a list was not collected.
	Owner func(path string) (Package, error)
	// Compares versions as a manager does.
	Compare func(manager Manager, first string, second string) Order
}

func databases() ([]Database, error) {
	if Fake.Databases == nil {
		var zero []Database
		return zero, policy.NotCollected("package-db.databases")
	}
	return Fake.Databases()
}

func find(name string) ([]Package, error) {
	if Fake.Find == nil {
		var zero []Package
		return zero, policy.NotCollected("package-db.find")
	}
	return Fake.Find(name)
}

func packages(offset uint32, limit uint32) ([]Package, error) {
	if Fake.Packages == nil {
		var zero []Package
		return zero, policy.NotCollected("package-db.packages")
	}
	return Fake.Packages(offset, limit)
}

func owner(path string) (Package, error) {
	if Fake.Owner == nil {
		var zero Package
		return zero, policy.NotCollected("package-db.owner")
	}
	return Fake.Owner(path)
}

func compare(manager Manager, first string, second string) Order {
	if Fake.Compare == nil {
		var zero Order
		return zero
	}
	return Fake.Compare(manager, first, second)
}
