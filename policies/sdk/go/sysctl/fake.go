// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package sysctl

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// The setting by its sysctl(8) name (`fs.nr_open`, `net.core.somaxconn`)
	// or its path below /proc/sys (`net/ipv4/conf/eth0.1/rp_filter`), for
	// names in which a dot is no separator.
	Get func(name string) (Setting, error)
	// The same as a whole number; unknown (malformed) where it is none.
	GetNumber func(name string) (Number, error)
	// Names of the settings below a prefix (`net.ipv4`), as paths below
	// /proc/sys, sorted.
	Names func(prefix string) ([]string, error)
}

func get(name string) (Setting, error) {
	if Fake.Get == nil {
		var zero Setting
		return zero, policy.NotCollected("sysctl.get")
	}
	return Fake.Get(name)
}

func getNumber(name string) (Number, error) {
	if Fake.GetNumber == nil {
		var zero Number
		return zero, policy.NotCollected("sysctl.get-number")
	}
	return Fake.GetNumber(name)
}

func names(prefix string) ([]string, error) {
	if Fake.Names == nil {
		var zero []string
		return zero, policy.NotCollected("sysctl.names")
	}
	return Fake.Names(prefix)
}
