// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package audit: Records of the Linux audit system.
package audit

import (
	"casefile/policy"
)

// Field: One field of a record.
type Field struct {
	// Its name: `comm`, `scontext`.
	Name string `wit:"name"`
	// Its value, quotes removed, hexadecimal decoded where the field's
	// kind calls for it.
	Value string `wit:"value"`
}

// EventRecord: One record.
type EventRecord struct {
	// `AVC`, `SYSCALL`; a number where it has no well-known name.
	RecordType string `wit:"record-type"`
	// Seconds since 1970-01-01 UTC.
	Seconds int64 `wit:"seconds"`
	// Thousandths of the second.
	Milliseconds uint16 `wit:"milliseconds"`
	// Serial number: records of one event share it and the time.
	Serial uint64 `wit:"serial"`
	// The text behind the header, up to the interpreted copies.
	Text string `wit:"text"`
	// Its fields, in order.
	Fields []Field `wit:"fields"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Filter: Which records to give.
type Filter struct {
	// Types; empty for all.
	RecordTypes []string `wit:"record-types"`
	// Not before this time, in seconds since 1970-01-01 UTC.
	Since *int64 `wit:"since"`
}

// Page: Some records, and where to go on.
type Page struct {
	// In the order of the log.
	Records []EventRecord `wit:"records"`
	// The cursor of the next page; none at the end.
	Next *uint32 `wit:"next"`
	// The log was cut: older records are not in the snapshot.
	Truncated bool `wit:"truncated"`
}

// Records: Records of /var/log/audit/audit.log from a cursor (0 to begin), at
// most `limit` (the engine gives no more than 1024).
func Records(filter Filter, cursor uint32, limit uint32) (Page, error) {
	return records(filter, cursor, limit)
}
