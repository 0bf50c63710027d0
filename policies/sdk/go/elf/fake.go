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
	// What the loader would do with a program when it is started with this
	// value of LD_LIBRARY_PATH, and nothing else in its environment. An
	// absent interpreter is an absence with its path.
	Resolve func(path string, libraryPath *string) (Resolution, error)
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

func resolve(path string, libraryPath *string) (Resolution, error) {
	if Fake.Resolve == nil {
		var zero Resolution
		return zero, policy.NotCollected("elf.resolve")
	}
	return Fake.Resolve(path, libraryPath)
}
