// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package elf

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// The programs of the snapshot, sorted by path, from index `offset`, at
	// most `limit` of them (the engine gives no more than 1024).
	Programs func(offset uint32, limit uint32) ([]Program, error)
	// What a file is. Links are followed.
	GetFile func(path string) (File, error)
	// What the loader would do with a program when it is started so; none
	// stands for an empty environment. An absent interpreter is an absence
	// with its path.
	Resolve func(path string, launch *Launch) (Resolution, error)
	// The same of a start, by its index in the list of `start.starts`, with
	// its environment, user and directory. Unknown where these are not known
	// and matter.
	ResolveStart func(index uint32) (Resolution, error)
	// The versions that a file needs.
	VersionNeeds func(path string) ([]VersionNeed, error)
	// The versions that a file defines.
	VersionDefinitions func(path string) ([]string, error)
	// The sections of a file, in its order; empty where it has no table.
	Sections func(path string) ([]Section, error)
	// What a file says that it opens by dlopen(3), in its notes.
	DlopenNotes func(path string) ([]DlopenNote, error)
	// The loader's cache.
	GetCache func() (Cache, error)
	// Where the cache differs from the file system, by name, from index
	// `offset`, at most `limit` (the engine gives no more than 1024).
	StaleEntries func(offset uint32, limit uint32) ([]StaleEntry, error)
}

func programs(offset uint32, limit uint32) ([]Program, error) {
	if Fake.Programs == nil {
		var zero []Program
		return zero, policy.NotCollected("elf.programs")
	}
	return Fake.Programs(offset, limit)
}

func getFile(path string) (File, error) {
	if Fake.GetFile == nil {
		var zero File
		return zero, policy.NotCollected("elf.get-file")
	}
	return Fake.GetFile(path)
}

func resolve(path string, launch *Launch) (Resolution, error) {
	if Fake.Resolve == nil {
		var zero Resolution
		return zero, policy.NotCollected("elf.resolve")
	}
	return Fake.Resolve(path, launch)
}

func resolveStart(index uint32) (Resolution, error) {
	if Fake.ResolveStart == nil {
		var zero Resolution
		return zero, policy.NotCollected("elf.resolve-start")
	}
	return Fake.ResolveStart(index)
}

func versionNeeds(path string) ([]VersionNeed, error) {
	if Fake.VersionNeeds == nil {
		var zero []VersionNeed
		return zero, policy.NotCollected("elf.version-needs")
	}
	return Fake.VersionNeeds(path)
}

func versionDefinitions(path string) ([]string, error) {
	if Fake.VersionDefinitions == nil {
		var zero []string
		return zero, policy.NotCollected("elf.version-definitions")
	}
	return Fake.VersionDefinitions(path)
}

func sections(path string) ([]Section, error) {
	if Fake.Sections == nil {
		var zero []Section
		return zero, policy.NotCollected("elf.sections")
	}
	return Fake.Sections(path)
}

func dlopenNotes(path string) ([]DlopenNote, error) {
	if Fake.DlopenNotes == nil {
		var zero []DlopenNote
		return zero, policy.NotCollected("elf.dlopen-notes")
	}
	return Fake.DlopenNotes(path)
}

func getCache() (Cache, error) {
	if Fake.GetCache == nil {
		var zero Cache
		return zero, policy.NotCollected("elf.get-cache")
	}
	return Fake.GetCache()
}

func staleEntries(offset uint32, limit uint32) ([]StaleEntry, error) {
	if Fake.StaleEntries == nil {
		var zero []StaleEntry
		return zero, policy.NotCollected("elf.stale-entries")
	}
	return Fake.StaleEntries(offset, limit)
}
