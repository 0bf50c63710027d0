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

func limits(of Member, what ResourceKind) (Levels, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Limits(lowerMember(of), raw.ResourceKind(what))
	if result.Tag() == witTypes.ResultErr {
		var zero Levels
		return zero, lift.Absent(result.Err())
	}
	return liftLevels(result.Ok()), nil
}

func events(of Member, what ResourceKind) ([]Event, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Events(lowerMember(of), raw.ResourceKind(what))
	if result.Tag() == witTypes.ResultErr {
		var zero []Event
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftEvent), nil
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

func lowerMember(from Member) raw.Member {
	switch from.Case {
	case MemberProcess:
		return raw.MakeMemberProcess(from.Process)
	default:
		return raw.MakeMemberGroup(from.Group)
	}
}

func liftLevel(from raw.Level) Level {
	var to Level
	to.Group = from.Group
	to.Version = from.Version
	to.Limit = from.Limit.Pointer()
	to.Used = from.Used.Pointer()
	to.Evidence = from.Evidence
	return to
}

func liftLevels(from raw.Levels) Levels {
	var to Levels
	to.Entries = lift.Each(from.Entries, liftLevel)
	to.Unknown = lift.Each(from.Unknown, lift.Absent)
	return to
}

func liftEvent(from raw.Event) Event {
	var to Event
	to.Group = from.Group
	to.Name = from.Name
	to.Count = from.Count
	to.Evidence = from.Evidence
	return to
}
