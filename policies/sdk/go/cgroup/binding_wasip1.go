// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package cgroup

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_cgroup"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func ofProcess(pid uint32) (Memberships, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.OfProcess(pid)
	if result.Tag() == witTypes.ResultErr {
		var zero Memberships
		return zero, lift.Absent(result.Err())
	}
	return liftMemberships(result.Ok()), nil
}

func get(group string, file string) (Control, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Get(group, file)
	if result.Tag() == witTypes.ResultErr {
		var zero Control
		return zero, lift.Absent(result.Err())
	}
	return liftControl(result.Ok()), nil
}

func liftMembership(from raw.Membership) Membership {
	var to Membership
	to.Hierarchy = from.Hierarchy
	to.Controllers = from.Controllers
	to.Path = from.Path
	return to
}

func liftMemberships(from raw.Memberships) Memberships {
	var to Memberships
	to.Entries = lift.Each(from.Entries, liftMembership)
	to.Evidence = from.Evidence
	return to
}

func liftControl(from raw.Control) Control {
	var to Control
	to.Text = from.Text
	to.Evidence = from.Evidence
	return to
}
