// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package audit

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_audit"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func records(filter Filter, cursor uint32, limit uint32) (Page, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.Records(lowerFilter(filter), cursor, limit)
	if result.Tag() == witTypes.ResultErr {
		var zero Page
		return zero, lift.Absent(result.Err())
	}
	return liftPage(result.Ok()), nil
}

func liftField(from raw.Field) Field {
	var to Field
	to.Name = from.Name
	to.Value = from.Value
	return to
}

func liftEventRecord(from raw.EventRecord) EventRecord {
	var to EventRecord
	to.RecordType = from.RecordType
	to.Seconds = from.Seconds
	to.Milliseconds = from.Milliseconds
	to.Serial = from.Serial
	to.Text = from.Text
	to.Fields = lift.Each(from.Fields, liftField)
	to.Evidence = from.Evidence
	return to
}

func lowerFilter(from Filter) raw.Filter {
	var to raw.Filter
	to.RecordTypes = from.RecordTypes
	to.Since = witTypes.OptionOf(from.Since)
	return to
}

func liftPage(from raw.Page) Page {
	var to Page
	to.Records = lift.Each(from.Records, liftEventRecord)
	to.Next = from.Next.Pointer()
	to.Truncated = from.Truncated
	return to
}
