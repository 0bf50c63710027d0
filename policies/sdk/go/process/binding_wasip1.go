// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package process

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_process"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func pids(after uint32, limit uint32) ([]uint32, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Pids(after, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero []uint32
		return zero, lift.Absent(result.Err())
	}
	return result.Ok(), nil
}

func getStatus(pid uint32) (Status, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetStatus(pid)
	if result.Tag() == witTypes.ResultErr {
		var zero Status
		return zero, lift.Absent(result.Err())
	}
	return liftStatus(result.Ok()), nil
}

func getLimit(pid uint32, what Limited) (Limit, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetLimit(pid, raw.Limited(what))
	if result.Tag() == witTypes.ResultErr {
		var zero Limit
		return zero, lift.Absent(result.Err())
	}
	return liftLimit(result.Ok()), nil
}

func getDescriptors(pid uint32) (Descriptors, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetDescriptors(pid)
	if result.Tag() == witTypes.ResultErr {
		var zero Descriptors
		return zero, lift.Absent(result.Err())
	}
	return liftDescriptors(result.Ok()), nil
}

func getExecutable(pid uint32) (Executable, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetExecutable(pid)
	if result.Tag() == witTypes.ResultErr {
		var zero Executable
		return zero, lift.Absent(result.Err())
	}
	return liftExecutable(result.Ok()), nil
}

func getMemory(pid uint32) (Memory, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetMemory(pid)
	if result.Tag() == witTypes.ResultErr {
		var zero Memory
		return zero, lift.Absent(result.Err())
	}
	return liftMemory(result.Ok()), nil
}

func getMappings(pid uint32) (Mappings, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetMappings(pid)
	if result.Tag() == witTypes.ResultErr {
		var zero Mappings
		return zero, lift.Absent(result.Err())
	}
	return liftMappings(result.Ok()), nil
}

func getWatches(pid uint32) (Watches, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetWatches(pid)
	if result.Tag() == witTypes.ResultErr {
		var zero Watches
		return zero, lift.Absent(result.Err())
	}
	return liftWatches(result.Ok()), nil
}

func getStarted(pid uint32) (Started, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetStarted(pid)
	if result.Tag() == witTypes.ResultErr {
		var zero Started
		return zero, lift.Absent(result.Err())
	}
	return liftStarted(result.Ok()), nil
}

func liftStatus(from raw.Status) Status {
	var to Status
	to.Name = from.Name
	to.Parent = from.Parent
	to.UIDs = [4]uint32{from.Uids.F0, from.Uids.F1, from.Uids.F2, from.Uids.F3}
	to.GIDs = [4]uint32{from.Gids.F0, from.Gids.F1, from.Gids.F2, from.Gids.F3}
	to.Threads = from.Threads
	to.EffectiveCapabilities = from.EffectiveCapabilities
	to.BoundingCapabilities = from.BoundingCapabilities
	to.NoNewPrivileges = from.NoNewPrivileges
	to.KernelThread = from.KernelThread
	to.Evidence = from.Evidence
	return to
}

func liftLimit(from raw.Limit) Limit {
	var to Limit
	to.Soft = from.Soft.Pointer()
	to.Hard = from.Hard.Pointer()
	to.Evidence = from.Evidence
	return to
}

func liftDescriptorKind(from raw.DescriptorKind) DescriptorKind {
	var to DescriptorKind
	to.Kind = from.Kind
	to.Count = from.Count
	return to
}

func liftDescriptors(from raw.Descriptors) Descriptors {
	var to Descriptors
	to.Open = from.Open
	to.Kinds = lift.Each(from.Kinds, liftDescriptorKind)
	to.Evidence = from.Evidence
	return to
}

func liftExecutable(from raw.Executable) Executable {
	var to Executable
	to.Path = from.Path
	to.Deleted = from.Deleted
	to.Evidence = from.Evidence
	return to
}

func liftMemory(from raw.Memory) Memory {
	var to Memory
	to.Virtual = from.Virtual
	to.Resident = from.Resident
	to.PeakResident = from.PeakResident
	to.Swapped = from.Swapped
	to.Evidence = from.Evidence
	return to
}

func liftMappings(from raw.Mappings) Mappings {
	var to Mappings
	to.Count = from.Count
	to.Evidence = from.Evidence
	return to
}

func liftWatches(from raw.Watches) Watches {
	var to Watches
	to.Count = from.Count
	to.Evidence = from.Evidence
	return to
}

func liftStarted(from raw.Started) Started {
	var to Started
	to.SinceBoot = from.SinceBoot
	to.Evidence = from.Evidence
	return to
}
