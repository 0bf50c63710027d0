// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package log: Messages for whoever writes the policy. They are no part of the verdict.
package log

import (
	"strconv"
)

// Level: How important a message is.
type Level uint8

// Values of Level.
const (
	// For finding faults.
	LevelDebug Level = iota
	// Worth knowing.
	LevelInfo
	// Something is odd.
	LevelWarn
)

// String is the name in the contract.
func (l Level) String() string {
	switch l {
	case LevelDebug:
		return "debug"
	case LevelInfo:
		return "info"
	case LevelWarn:
		return "warn"
	}
	return strconv.Itoa(int(l))
}

// Write: Writes one message. The engine keeps the first 64 KiB of a rule's.
func Write(level Level, message string) {
	write(level, message)
}
