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
	// What a process or group may use: all limits bind, the least of them
	// first. Absent where no hierarchy has the controller.
	Limits func(of Member, what ResourceKind) (Levels, error)
	// What happened for want of a resource, from the group up to the root:
	// `memory.events` (`memory.oom_control` and `memory.failcnt` of version
	// 1), `pids.events`, `cpu.stat`.
	Events func(of Member, what ResourceKind) ([]Event, error)
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

func limits(of Member, what ResourceKind) (Levels, error) {
	if Fake.Limits == nil {
		var zero Levels
		return zero, policy.NotCollected("cgroup.limits")
	}
	return Fake.Limits(of, what)
}

func events(of Member, what ResourceKind) ([]Event, error) {
	if Fake.Events == nil {
		var zero []Event
		return zero, policy.NotCollected("cgroup.events")
	}
	return Fake.Events(of, what)
}
