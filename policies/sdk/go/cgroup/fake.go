// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package cgroup

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// The groups that a process belongs to.
	OfProcess func(pid uint32) (Memberships, error)
	// A control file of a version 2 group: `get("/system.slice",
	// "pids.max")`. The root group has no limits (absent).
	Get func(group string, file string) (Control, error)
}

func ofProcess(pid uint32) (Memberships, error) {
	if Fake.OfProcess == nil {
		var zero Memberships
		return zero, policy.NotCollected("cgroup.of-process")
	}
	return Fake.OfProcess(pid)
}

func get(group string, file string) (Control, error) {
	if Fake.Get == nil {
		var zero Control
		return zero, policy.NotCollected("cgroup.get")
	}
	return Fake.Get(group, file)
}
