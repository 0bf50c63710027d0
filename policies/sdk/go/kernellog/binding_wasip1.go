// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package kernellog

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_kernel_log"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func getCoverage() (Coverage, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetCoverage()
	if result.Tag() == witTypes.ResultErr {
		var zero Coverage
		return zero, lift.Absent(result.Err())
	}
	return liftCoverage(result.Ok()), nil
}

func lines(containing string, offset uint32, limit uint32) ([]Line, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Lines(containing, offset, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero []Line
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftLine), nil
}

func memoryKills(offset uint32, limit uint32) ([]MemoryKill, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.MemoryKills(offset, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero []MemoryKill
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftMemoryKill), nil
}

func liftCoverage(from raw.Coverage) Coverage {
	var to Coverage
	to.SinceBoot = from.SinceBoot
	to.Lines = from.Lines
	to.Hidden = from.Hidden
	to.Evidence = from.Evidence
	return to
}

func liftLine(from raw.Line) Line {
	var to Line
	to.SinceBoot = from.SinceBoot.Pointer()
	to.Text = from.Text
	to.Evidence = from.Evidence
	return to
}

func liftMemoryKill(from raw.MemoryKill) MemoryKill {
	var to MemoryKill
	to.SinceBoot = from.SinceBoot.Pointer()
	to.Pid = from.Pid
	to.Name = from.Name
	to.UID = from.Uid.Pointer()
	to.LimitedGroup = from.LimitedGroup.Pointer()
	to.Group = from.Group.Pointer()
	to.Anonymous = from.Anonymous.Pointer()
	to.InGroup = from.InGroup
	to.Evidence = from.Evidence
	return to
}
