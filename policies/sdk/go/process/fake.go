// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package process

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// Process ids above `after`, ascending, at most `limit` of them (the
	// engine gives no more than 1024): ask again with the last one.
	Pids func(after uint32, limit uint32) ([]uint32, error)
	// Name, ids, capabilities.
	GetStatus func(pid uint32) (Status, error)
	// One resource's limits.
	GetLimit func(pid uint32, what Limited) (Limit, error)
	// What it has open.
	GetDescriptors func(pid uint32) (Descriptors, error)
	// The program that it runs. Threads of the kernel have none (absent).
	GetExecutable func(pid uint32) (Executable, error)
	// Its memory. Threads of the kernel have none (absent).
	GetMemory func(pid uint32) (Memory, error)
	// Its mappings.
	GetMappings func(pid uint32) (Mappings, error)
	// Its watches of inotify. Unknown where fdinfo could not be read.
	GetWatches func(pid uint32) (Watches, error)
	// When it started.
	GetStarted func(pid uint32) (Started, error)
}

func pids(after uint32, limit uint32) ([]uint32, error) {
	if Fake.Pids == nil {
		var zero []uint32
		return zero, policy.NotCollected("process.pids")
	}
	return Fake.Pids(after, limit)
}

func getStatus(pid uint32) (Status, error) {
	if Fake.GetStatus == nil {
		var zero Status
		return zero, policy.NotCollected("process.get-status")
	}
	return Fake.GetStatus(pid)
}

func getLimit(pid uint32, what Limited) (Limit, error) {
	if Fake.GetLimit == nil {
		var zero Limit
		return zero, policy.NotCollected("process.get-limit")
	}
	return Fake.GetLimit(pid, what)
}

func getDescriptors(pid uint32) (Descriptors, error) {
	if Fake.GetDescriptors == nil {
		var zero Descriptors
		return zero, policy.NotCollected("process.get-descriptors")
	}
	return Fake.GetDescriptors(pid)
}

func getExecutable(pid uint32) (Executable, error) {
	if Fake.GetExecutable == nil {
		var zero Executable
		return zero, policy.NotCollected("process.get-executable")
	}
	return Fake.GetExecutable(pid)
}

func getMemory(pid uint32) (Memory, error) {
	if Fake.GetMemory == nil {
		var zero Memory
		return zero, policy.NotCollected("process.get-memory")
	}
	return Fake.GetMemory(pid)
}

func getMappings(pid uint32) (Mappings, error) {
	if Fake.GetMappings == nil {
		var zero Mappings
		return zero, policy.NotCollected("process.get-mappings")
	}
	return Fake.GetMappings(pid)
}

func getWatches(pid uint32) (Watches, error) {
	if Fake.GetWatches == nil {
		var zero Watches
		return zero, policy.NotCollected("process.get-watches")
	}
	return Fake.GetWatches(pid)
}

func getStarted(pid uint32) (Started, error) {
	if Fake.GetStarted == nil {
		var zero Started
		return zero, policy.NotCollected("process.get-started")
	}
	return Fake.GetStarted(pid)
}
