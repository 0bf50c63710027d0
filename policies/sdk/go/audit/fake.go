// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package audit

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// Records of /var/log/audit/audit.log from a cursor (0 to begin), at
	// most `limit` (the engine gives no more than 1024).
	Records func(filter Filter, cursor uint32, limit uint32) (Page, error)
}

func records(filter Filter, cursor uint32, limit uint32) (Page, error) {
	if Fake.Records == nil {
		var zero Page
		return zero, policy.NotCollected("audit.records")
	}
	return Fake.Records(filter, cursor, limit)
}
