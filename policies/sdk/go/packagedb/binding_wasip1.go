// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package packagedb

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_package_db"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func databases() ([]Database, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Databases()
	if result.Tag() == witTypes.ResultErr {
		var zero []Database
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftDatabase), nil
}

func find(name string) ([]Package, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Find(name)
	if result.Tag() == witTypes.ResultErr {
		var zero []Package
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftPackage), nil
}

func packages(offset uint32, limit uint32) ([]Package, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Packages(offset, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero []Package
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftPackage), nil
}

func owner(path string) (Package, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Owner(path)
	if result.Tag() == witTypes.ResultErr {
		var zero Package
		return zero, lift.Absent(result.Err())
	}
	return liftPackage(result.Ok()), nil
}

func compare(manager Manager, first string, second string) Order {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	return liftOrder(raw.Compare(raw.Manager(manager), first, second))
}

func liftManager(from raw.Manager) Manager {
	return Manager(from)
}

func liftDatabase(from raw.Database) Database {
	var to Database
	to.Manager = liftManager(from.Manager)
	to.Path = from.Path
	to.Packages = from.Packages
	to.Evidence = from.Evidence
	return to
}

func liftPackage(from raw.Package) Package {
	var to Package
	to.Name = from.Name
	to.Version = from.Version
	to.Architecture = from.Architecture
	to.Source = from.Source
	to.Manager = liftManager(from.Manager)
	to.Evidence = from.Evidence
	return to
}

func liftOrder(from raw.Order) Order {
	return Order(from)
}
