// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package runtime

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_runtime"
	witRuntime "casefile/policy/internal/wit/runtime"
)

func now() int64 {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	return raw.Now()
}

func seed() uint64 {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	return raw.Seed()
}
