// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package log

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_log"
	witRuntime "casefile/policy/internal/wit/runtime"
)

func write(level Level, message string) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	raw.Write(raw.Level(level), message)
}
