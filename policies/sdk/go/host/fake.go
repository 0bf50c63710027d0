// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package host

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// A running host or an image.
	SnapshotKind func() Kind
	// The name of the machine's architecture as `uname -m` gives it:
	// `x86_64`, `aarch64`.
	Architecture func() (string, error)
	// /etc/os-release, else /usr/lib/os-release.
	OS func() (OSRelease, error)
	// The running kernel.
	RunningKernel func() (Kernel, error)
	// Memory of the whole host, not of a cgroup.
	MemoryTotal func() (Memory, error)
	// A figure of /proc/meminfo by its name: `CommitLimit`.
	MemoryFigure func(name string) (Figure, error)
	// How much time processes wait.
	GetPressure func(what PressureKind) (Pressure, error)
	// Processors online.
	CPU func() (Processors, error)
	// Mounted file systems.
	Mounted func() (Mounts, error)
}

func snapshotKind() Kind {
	if Fake.SnapshotKind == nil {
		var zero Kind
		return zero
	}
	return Fake.SnapshotKind()
}

func architecture() (string, error) {
	if Fake.Architecture == nil {
		var zero string
		return zero, policy.NotCollected("host.architecture")
	}
	return Fake.Architecture()
}

func os() (OSRelease, error) {
	if Fake.OS == nil {
		var zero OSRelease
		return zero, policy.NotCollected("host.os")
	}
	return Fake.OS()
}

func runningKernel() (Kernel, error) {
	if Fake.RunningKernel == nil {
		var zero Kernel
		return zero, policy.NotCollected("host.running-kernel")
	}
	return Fake.RunningKernel()
}

func memoryTotal() (Memory, error) {
	if Fake.MemoryTotal == nil {
		var zero Memory
		return zero, policy.NotCollected("host.memory-total")
	}
	return Fake.MemoryTotal()
}

func memoryFigure(name string) (Figure, error) {
	if Fake.MemoryFigure == nil {
		var zero Figure
		return zero, policy.NotCollected("host.memory-figure")
	}
	return Fake.MemoryFigure(name)
}

func getPressure(what PressureKind) (Pressure, error) {
	if Fake.GetPressure == nil {
		var zero Pressure
		return zero, policy.NotCollected("host.get-pressure")
	}
	return Fake.GetPressure(what)
}

func cpu() (Processors, error) {
	if Fake.CPU == nil {
		var zero Processors
		return zero, policy.NotCollected("host.cpu")
	}
	return Fake.CPU()
}

func mounted() (Mounts, error) {
	if Fake.Mounted == nil {
		var zero Mounts
		return zero, policy.NotCollected("host.mounted")
	}
	return Fake.Mounted()
}
