// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package start

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_start"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func getScope() Scope {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	return liftScope(raw.GetScope())
}

func starts(offset uint32, limit uint32) ([]Start, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Starts(offset, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero []Start
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftStart), nil
}

func hiddenProcesses(offset uint32, limit uint32) ([]Hidden, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.HiddenProcesses(offset, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero []Hidden
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftHidden), nil
}

func liftOrigin(from raw.Origin) Origin {
	to := Origin{Case: OriginCase(from.Tag())}
	switch to.Case {
	case OriginProcess:
		to.Process = from.Process()
	case OriginUnit:
		to.Unit = from.Unit()
	case OriginOptionalUnit:
		to.OptionalUnit = from.OptionalUnit()
	}
	return to
}

func liftStart(from raw.Start) Start {
	var to Start
	to.Index = from.Index
	to.Program = from.Program
	to.Origin = liftOrigin(from.Origin)
	to.UID = from.Uid.Pointer()
	to.Cgroup = from.Cgroup.Pointer()
	to.WorkingDirectory = from.WorkingDirectory.Pointer()
	return to
}

func liftHidden(from raw.Hidden) Hidden {
	var to Hidden
	to.Pid = from.Pid
	to.Absence = lift.Absent(from.Absence)
	return to
}

func liftScope(from raw.Scope) Scope {
	return Scope(from)
}
