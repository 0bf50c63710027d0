// Package y has a dot in the last element of its path.
package y

import "strings"

//go:noinline
func Loud(s string) string { return strings.ToUpper(s) }

// Small is inlined, and its own calls with it.
func Small(s string) string { return Loud(s) + "!" }
