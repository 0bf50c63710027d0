// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package sysctl: Kernel settings under /proc/sys.
package sysctl

import (
	"casefile/policy"
)

// Setting: A setting's value.
type Setting struct {
	// The text without its last newline; several numbers are separated
	// by tabs, as the kernel prints them.
	Text string `wit:"text"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Number: A setting that is one whole number.
type Number struct {
	// The number.
	Value int64 `wit:"value"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Get: The setting by its sysctl(8) name (`fs.nr_open`, `net.core.somaxconn`)
// or its path below /proc/sys (`net/ipv4/conf/eth0.1/rp_filter`), for
// names in which a dot is no separator.
func Get(name string) (Setting, error) {
	return get(name)
}

// GetNumber: The same as a whole number; unknown (malformed) where it is none.
func GetNumber(name string) (Number, error) {
	return getNumber(name)
}

// Names: Names of the settings below a prefix (`net.ipv4`), as paths below
// /proc/sys, sorted.
func Names(prefix string) ([]string, error) {
	return names(prefix)
}
