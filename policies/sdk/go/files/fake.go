// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package files

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// What a path leads to.
	GetStat func(path string) (Stat, error)
	// The text of a file of at most 1 MiB.
	ReadText func(path string) (Text, error)
	// The names in a directory.
	ReadDirectory func(path string) (Listing, error)
	// Room in the file system that a path lies in.
	GetSpace func(path string) (Space, error)
	// One extended attribute: `security.selinux`, `security.capability`.
	GetAttribute func(path string, name string) (Attribute, error)
}

func getStat(path string) (Stat, error) {
	if Fake.GetStat == nil {
		var zero Stat
		return zero, policy.NotCollected("files.get-stat")
	}
	return Fake.GetStat(path)
}

func readText(path string) (Text, error) {
	if Fake.ReadText == nil {
		var zero Text
		return zero, policy.NotCollected("files.read-text")
	}
	return Fake.ReadText(path)
}

func readDirectory(path string) (Listing, error) {
	if Fake.ReadDirectory == nil {
		var zero Listing
		return zero, policy.NotCollected("files.read-directory")
	}
	return Fake.ReadDirectory(path)
}

func getSpace(path string) (Space, error) {
	if Fake.GetSpace == nil {
		var zero Space
		return zero, policy.NotCollected("files.get-space")
	}
	return Fake.GetSpace(path)
}

func getAttribute(path string, name string) (Attribute, error) {
	if Fake.GetAttribute == nil {
		var zero Attribute
		return zero, policy.NotCollected("files.get-attribute")
	}
	return Fake.GetAttribute(path, name)
}
