// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package host

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_host"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func snapshotKind() Kind {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	return liftKind(raw.SnapshotKind())
}

func architecture() (string, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Architecture()
	if result.Tag() == witTypes.ResultErr {
		var zero string
		return zero, lift.Absent(result.Err())
	}
	return result.Ok(), nil
}

func os() (OSRelease, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Os()
	if result.Tag() == witTypes.ResultErr {
		var zero OSRelease
		return zero, lift.Absent(result.Err())
	}
	return liftOSRelease(result.Ok()), nil
}

func runningKernel() (Kernel, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.RunningKernel()
	if result.Tag() == witTypes.ResultErr {
		var zero Kernel
		return zero, lift.Absent(result.Err())
	}
	return liftKernel(result.Ok()), nil
}

func memoryTotal() (Memory, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.MemoryTotal()
	if result.Tag() == witTypes.ResultErr {
		var zero Memory
		return zero, lift.Absent(result.Err())
	}
	return liftMemory(result.Ok()), nil
}

func memoryFigure(name string) (Figure, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.MemoryFigure(name)
	if result.Tag() == witTypes.ResultErr {
		var zero Figure
		return zero, lift.Absent(result.Err())
	}
	return liftFigure(result.Ok()), nil
}

func getPressure(what PressureKind) (Pressure, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetPressure(raw.PressureKind(what))
	if result.Tag() == witTypes.ResultErr {
		var zero Pressure
		return zero, lift.Absent(result.Err())
	}
	return liftPressure(result.Ok()), nil
}

func cpu() (Processors, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Cpu()
	if result.Tag() == witTypes.ResultErr {
		var zero Processors
		return zero, lift.Absent(result.Err())
	}
	return liftProcessors(result.Ok()), nil
}

func mounted() (Mounts, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Mounted()
	if result.Tag() == witTypes.ResultErr {
		var zero Mounts
		return zero, lift.Absent(result.Err())
	}
	return liftMounts(result.Ok()), nil
}

func liftAssignment(from raw.Assignment) Assignment {
	var to Assignment
	to.Name = from.Name
	to.Value = from.Value
	return to
}

func liftOSRelease(from raw.OsRelease) OSRelease {
	var to OSRelease
	to.ID = from.Id
	to.VersionID = from.VersionId
	to.IDLike = from.IdLike
	to.PrettyName = from.PrettyName
	to.Assignments = lift.Each(from.Assignments, liftAssignment)
	to.Evidence = from.Evidence
	return to
}

func liftKernel(from raw.Kernel) Kernel {
	var to Kernel
	to.Release = from.Release
	to.Version = from.Version
	to.Evidence = from.Evidence
	return to
}

func liftKind(from raw.Kind) Kind {
	return Kind(from)
}

func liftMemory(from raw.Memory) Memory {
	var to Memory
	to.Total = from.Total
	to.Available = from.Available
	to.Evidence = from.Evidence
	return to
}

func liftProcessors(from raw.Processors) Processors {
	var to Processors
	to.Count = from.Count
	to.Features = from.Features
	to.Evidence = from.Evidence
	return to
}

func liftMount(from raw.Mount) Mount {
	var to Mount
	to.Point = from.Point
	to.FileSystem = from.FileSystem
	to.Source = from.Source
	to.Options = from.Options
	return to
}

func liftMounts(from raw.Mounts) Mounts {
	var to Mounts
	to.Entries = lift.Each(from.Entries, liftMount)
	to.Evidence = from.Evidence
	return to
}

func liftFigure(from raw.Figure) Figure {
	var to Figure
	to.Value = from.Value
	to.Evidence = from.Evidence
	return to
}

func liftPressure(from raw.Pressure) Pressure {
	var to Pressure
	to.Some10 = from.Some10
	to.Some300 = from.Some300
	to.Full10 = from.Full10
	to.Full300 = from.Full300
	to.Evidence = from.Evidence
	return to
}
