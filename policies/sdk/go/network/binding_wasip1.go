// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package network

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_network"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func getCounter(name string) (Counter, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetCounter(name)
	if result.Tag() == witTypes.ResultErr {
		var zero Counter
		return zero, lift.Absent(result.Err())
	}
	return liftCounter(result.Ok()), nil
}

func getSockets() (Sockets, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetSockets()
	if result.Tag() == witTypes.ResultErr {
		var zero Sockets
		return zero, lift.Absent(result.Err())
	}
	return liftSockets(result.Ok()), nil
}

func getMostWaiting() (Counter, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetMostWaiting()
	if result.Tag() == witTypes.ResultErr {
		var zero Counter
		return zero, lift.Absent(result.Err())
	}
	return liftCounter(result.Ok()), nil
}

func listeners(offset uint32, limit uint32) ([]Listener, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Listeners(offset, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero []Listener
		return zero, lift.Absent(result.Err())
	}
	return lift.Each(result.Ok(), liftListener), nil
}

func liftCounter(from raw.Counter) Counter {
	var to Counter
	to.Value = from.Value
	to.Evidence = from.Evidence
	return to
}

func liftStateCount(from raw.StateCount) StateCount {
	var to StateCount
	to.State = from.State
	to.Count = from.Count
	return to
}

func liftSockets(from raw.Sockets) Sockets {
	var to Sockets
	to.States = lift.Each(from.States, liftStateCount)
	to.Evidence = from.Evidence
	return to
}

func liftListener(from raw.Listener) Listener {
	var to Listener
	to.Protocol = from.Protocol
	to.Address = from.Address
	to.Port = from.Port
	to.Loopback = from.Loopback
	to.Pids = from.Pids
	to.Evidence = from.Evidence
	return to
}
