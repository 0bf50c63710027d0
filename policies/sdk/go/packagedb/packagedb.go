// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package packagedb: Packages that are installed, from the databases of dpkg, rpm and apk.
package packagedb

import (
	"strconv"

	"casefile/policy"
)

// Manager: Whose database it is, and how its versions are compared.
type Manager uint8

// Values of Manager.
const (
	// Debian, Ubuntu (deb-version(7)).
	ManagerDpkg Manager = iota
	// Fedora, Red Hat, SUSE (rpm-version(7)).
	ManagerRpm
	// Alpine (apk-tools).
	ManagerApk
)

// String is the name in the contract.
func (m Manager) String() string {
	switch m {
	case ManagerDpkg:
		return "dpkg"
	case ManagerRpm:
		return "rpm"
	case ManagerApk:
		return "apk"
	}
	return strconv.Itoa(int(m))
}

// Database: A database that was read.
type Database struct {
	// Whose it is.
	Manager Manager `wit:"manager"`
	// Its path; a directory where it is one.
	Path string `wit:"path"`
	// How many packages are installed.
	Packages uint32 `wit:"packages"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Package: A package that is installed.
type Package struct {
	// Its name.
	Name string `wit:"name"`
	// Epoch, version and release as the manager writes them:
	// `1:2.36-9+deb12u4`.
	Version string `wit:"version"`
	// Its architecture: `amd64`, `noarch`.
	Architecture string `wit:"architecture"`
	// The source package that it was built from; its own name where
	// nothing else is recorded.
	Source string `wit:"source"`
	// Whose package it is.
	Manager Manager `wit:"manager"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Order: The order of two versions.
type Order uint8

// Values of Order.
const (
	// The first is older.
	OrderOlder Order = iota
	// Neither is older.
	OrderSame
	// The first is newer.
	OrderNewer
)

// String is the name in the contract.
func (o Order) String() string {
	switch o {
	case OrderOlder:
		return "older"
	case OrderSame:
		return "same"
	case OrderNewer:
		return "newer"
	}
	return strconv.Itoa(int(o))
}

// Databases: The databases of the host. Proven absent where there is none.
func Databases() ([]Database, error) {
	return databases()
}

// Find: Installed packages of a name: several of different architectures or
// versions. Absent where the databases were read and have none.
func Find(name string) ([]Package, error) {
	return find(name)
}

// Packages: Installed packages by name, from index `offset`, at most `limit` (the
// engine gives no more than 1024).
func Packages(offset uint32, limit uint32) ([]Package, error) {
	return packages(offset, limit)
}

// Owner: The package that a file of a program or library belongs to. Absent
// where the databases have all lists of files and none names it; unknown
// where such a list was not collected.
func Owner(path string) (Package, error) {
	return owner(path)
}

// Compare: Compares versions as a manager does.
func Compare(manager Manager, first string, second string) Order {
	return compare(manager, first, second)
}
