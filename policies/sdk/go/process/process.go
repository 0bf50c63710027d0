// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package process: Processes: who they are, what they may use, what they have open.
package process

import (
	"strconv"

	"casefile/policy"
)

// IDs: The four ids of a user or group: real, effective, saved, file system.
type IDs = [4]uint32

// Status: From /proc/PID/status and the link /proc/PID/exe.
type Status struct {
	// `Name`: the command, at most 15 bytes.
	Name string `wit:"name"`
	// The process that started it.
	Parent uint32 `wit:"parent"`
	// User ids.
	UIDs [4]uint32 `wit:"uids"`
	// Group ids.
	GIDs [4]uint32 `wit:"gids"`
	// Number of threads.
	Threads uint32 `wit:"threads"`
	// `CapEff` as a bit set.
	EffectiveCapabilities uint64 `wit:"effective-capabilities"`
	// `CapBnd` as a bit set.
	BoundingCapabilities uint64 `wit:"bounding-capabilities"`
	// `NoNewPrivs` is set.
	NoNewPrivileges bool `wit:"no-new-privileges"`
	// Whether it is a thread of the kernel (no memory of its own).
	KernelThread bool `wit:"kernel-thread"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Limit: One line of /proc/PID/limits.
type Limit struct {
	// What the process has; none for unlimited.
	Soft *uint64 `wit:"soft"`
	// What it may raise itself to; none for unlimited.
	Hard *uint64 `wit:"hard"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Limited: The resources of getrlimit(2), in the order of /proc/PID/limits.
type Limited uint8

// Values of Limited.
const (
	// RLIMIT_CPU, seconds.
	LimitedCPU Limited = iota
	// RLIMIT_FSIZE, bytes.
	LimitedFileSize
	// RLIMIT_DATA, bytes.
	LimitedData
	// RLIMIT_STACK, bytes.
	LimitedStackSize
	// RLIMIT_CORE, bytes.
	LimitedCore
	// RLIMIT_RSS, bytes; without effect.
	LimitedResidentSet
	// RLIMIT_NPROC, threads of the real user id.
	LimitedProcesses
	// RLIMIT_NOFILE, descriptors.
	LimitedOpenFiles
	// RLIMIT_MEMLOCK, bytes.
	LimitedLockedMemory
	// RLIMIT_AS, bytes.
	LimitedAddressSpace
	// RLIMIT_LOCKS.
	LimitedFileLocks
	// RLIMIT_SIGPENDING, signals.
	LimitedPendingSignals
	// RLIMIT_MSGQUEUE, bytes.
	LimitedMessageQueues
	// RLIMIT_NICE.
	LimitedNice
	// RLIMIT_RTPRIO.
	LimitedRealTimePriority
	// RLIMIT_RTTIME, microseconds.
	LimitedRealTimeTimeout
)

// String is the name in the contract.
func (l Limited) String() string {
	switch l {
	case LimitedCPU:
		return "cpu"
	case LimitedFileSize:
		return "file-size"
	case LimitedData:
		return "data"
	case LimitedStackSize:
		return "stack-size"
	case LimitedCore:
		return "core"
	case LimitedResidentSet:
		return "resident-set"
	case LimitedProcesses:
		return "processes"
	case LimitedOpenFiles:
		return "open-files"
	case LimitedLockedMemory:
		return "locked-memory"
	case LimitedAddressSpace:
		return "address-space"
	case LimitedFileLocks:
		return "file-locks"
	case LimitedPendingSignals:
		return "pending-signals"
	case LimitedMessageQueues:
		return "message-queues"
	case LimitedNice:
		return "nice"
	case LimitedRealTimePriority:
		return "real-time-priority"
	case LimitedRealTimeTimeout:
		return "real-time-timeout"
	}
	return strconv.Itoa(int(l))
}

// DescriptorKind: Descriptors of one kind.
type DescriptorKind struct {
	// `file`, `socket`, `pipe`, `device`, or the kernel's name of an
	// anonymous inode: `anon_inode:inotify`, `anon_inode:[eventpoll]`.
	Kind string `wit:"kind"`
	// How many.
	Count uint64 `wit:"count"`
}

// Descriptors: What a process has open, from /proc/PID/fd.
type Descriptors struct {
	// How many in all.
	Open uint64 `wit:"open"`
	// By kind, sorted by name.
	Kinds []DescriptorKind `wit:"kinds"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Executable: The link /proc/PID/exe.
type Executable struct {
	// Its target, without the kernel's ` (deleted)`.
	Path string `wit:"path"`
	// The file was removed or replaced since the process started.
	Deleted bool `wit:"deleted"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Memory: Memory of a process in bytes, from /proc/PID/status.
type Memory struct {
	// `VmSize`: address space.
	Virtual uint64 `wit:"virtual"`
	// `VmRSS`: what is in memory.
	Resident uint64 `wit:"resident"`
	// `VmHWM`: the most that was in memory.
	PeakResident uint64 `wit:"peak-resident"`
	// `VmSwap`.
	Swapped uint64 `wit:"swapped"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Mappings: Mappings of memory.
type Mappings struct {
	// How many: lines of /proc/PID/maps.
	Count uint32 `wit:"count"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Watches: Watches of inotify that a process has.
type Watches struct {
	// How many, of all its instances: lines `inotify wd` of
	// /proc/PID/fdinfo.
	Count uint64 `wit:"count"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Started: When a process started, from /proc/PID/stat.
type Started struct {
	// Microseconds since the kernel started.
	SinceBoot uint64 `wit:"since-boot"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Pids: Process ids above `after`, ascending, at most `limit` of them (the
// engine gives no more than 1024): ask again with the last one.
func Pids(after uint32, limit uint32) ([]uint32, error) {
	return pids(after, limit)
}

// GetStatus: Name, ids, capabilities.
func GetStatus(pid uint32) (Status, error) {
	return getStatus(pid)
}

// GetLimit: One resource's limits.
func GetLimit(pid uint32, what Limited) (Limit, error) {
	return getLimit(pid, what)
}

// GetDescriptors: What it has open.
func GetDescriptors(pid uint32) (Descriptors, error) {
	return getDescriptors(pid)
}

// GetExecutable: The program that it runs. Threads of the kernel have none (absent).
func GetExecutable(pid uint32) (Executable, error) {
	return getExecutable(pid)
}

// GetMemory: Its memory. Threads of the kernel have none (absent).
func GetMemory(pid uint32) (Memory, error) {
	return getMemory(pid)
}

// GetMappings: Its mappings.
func GetMappings(pid uint32) (Mappings, error) {
	return getMappings(pid)
}

// GetWatches: Its watches of inotify. Unknown where fdinfo could not be read.
func GetWatches(pid uint32) (Watches, error) {
	return getWatches(pid)
}

// GetStarted: When it started.
func GetStarted(pid uint32) (Started, error) {
	return getStarted(pid)
}
