// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package host: The host as a whole: system, kernel, processors, memory.
package host

import (
	"strconv"

	"casefile/policy"
)

// Assignment: One assignment of os-release(5), unquoted.
type Assignment struct {
	// The variable: `ID`, `VERSION_ID` ...
	Name string `wit:"name"`
	// Its value.
	Value string `wit:"value"`
}

// OSRelease: os-release(5).
type OSRelease struct {
	// `ID`; `linux` where the file has none.
	ID string `wit:"id"`
	// `VERSION_ID`; empty where the file has none (rolling releases).
	VersionID string `wit:"version-id"`
	// `ID_LIKE`, split at blanks.
	IDLike []string `wit:"id-like"`
	// `PRETTY_NAME`; empty where the file has none.
	PrettyName string `wit:"pretty-name"`
	// Every assignment, in the file's order.
	Assignments []Assignment `wit:"assignments"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Kernel: The running kernel, from /proc/sys/kernel.
type Kernel struct {
	// `uname -r`: `6.1.0-18-amd64`.
	Release string `wit:"release"`
	// `uname -v`.
	Version string `wit:"version"`
	// Where the release was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Kind: What kind of snapshot it is.
type Kind uint8

// Values of Kind.
const (
	// A running host.
	KindLive Kind = iota
	// A tree of files: an image, a chroot, a mounted disk.
	KindImage
)

// String is the name in the contract.
func (k Kind) String() string {
	switch k {
	case KindLive:
		return "live"
	case KindImage:
		return "image"
	}
	return strconv.Itoa(int(k))
}

// Memory: Memory in bytes, from /proc/meminfo.
type Memory struct {
	// `MemTotal`.
	Total uint64 `wit:"total"`
	// `MemAvailable`.
	Available uint64 `wit:"available"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Processors: The processors, from /proc/cpuinfo.
type Processors struct {
	// How many are online.
	Count uint32 `wit:"count"`
	// Features of the first (`flags` or `Features`).
	Features []string `wit:"features"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Mount: One mounted file system, from /proc/PID/mountinfo of the first process.
type Mount struct {
	// Where it is mounted.
	Point string `wit:"point"`
	// Its type: `ext4`, `tmpfs`, `nfs4`.
	FileSystem string `wit:"file-system"`
	// What is mounted: a device, a server's export.
	Source string `wit:"source"`
	// Options of the mount, then of the file system.
	Options []string `wit:"options"`
}

// Mounts: The mount table.
type Mounts struct {
	// In the kernel's order.
	Entries []Mount `wit:"entries"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Figure: A figure of /proc/meminfo.
type Figure struct {
	// In bytes; a bare number where the kernel prints no unit.
	Value uint64 `wit:"value"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// PressureKind: What processes wait for.
type PressureKind uint8

// Values of PressureKind.
const (
	// The processor.
	PressureKindCPU PressureKind = iota
	// Memory.
	PressureKindMemory
	// Reading and writing.
	PressureKindIo
)

// String is the name in the contract.
func (p PressureKind) String() string {
	switch p {
	case PressureKindCPU:
		return "cpu"
	case PressureKindMemory:
		return "memory"
	case PressureKindIo:
		return "io"
	}
	return strconv.Itoa(int(p))
}

// Pressure: How much time processes wait (/proc/pressure), in hundredths of a
// percent.
type Pressure struct {
	// Some wait, of the last 10 seconds.
	Some10 uint32 `wit:"some-10"`
	// Some wait, of the last 300 seconds.
	Some300 uint32 `wit:"some-300"`
	// All wait, of the last 10 seconds.
	Full10 uint32 `wit:"full-10"`
	// All wait, of the last 300 seconds.
	Full300 uint32 `wit:"full-300"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// SnapshotKind: A running host or an image.
func SnapshotKind() Kind {
	return snapshotKind()
}

// Architecture: The name of the machine's architecture as `uname -m` gives it:
// `x86_64`, `aarch64`.
func Architecture() (string, error) {
	return architecture()
}

// OS: /etc/os-release, else /usr/lib/os-release.
func OS() (OSRelease, error) {
	return os()
}

// RunningKernel: The running kernel.
func RunningKernel() (Kernel, error) {
	return runningKernel()
}

// MemoryTotal: Memory of the whole host, not of a cgroup.
func MemoryTotal() (Memory, error) {
	return memoryTotal()
}

// MemoryFigure: A figure of /proc/meminfo by its name: `CommitLimit`.
func MemoryFigure(name string) (Figure, error) {
	return memoryFigure(name)
}

// GetPressure: How much time processes wait.
func GetPressure(what PressureKind) (Pressure, error) {
	return getPressure(what)
}

// CPU: Processors online.
func CPU() (Processors, error) {
	return cpu()
}

// Mounted: Mounted file systems.
func Mounted() (Mounts, error) {
	return mounted()
}
