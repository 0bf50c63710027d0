//go:build wasip1

// Package lift turns values of the generated bindings into those of the
// package policy, and back.
package lift

import (
	"casefile/policy"
	"casefile/policy/internal/bindings/imports/casefile_policy_types"
	"casefile/policy/internal/wit/types"
)

// Absent is why there is no value.
func Absent(from casefile_policy_types.Absence) *policy.Absent {
	absent := &policy.Absent{Path: from.Path, Detail: from.Detail}
	if from.State.Tag() == casefile_policy_types.State_Unknown {
		// Reasons begin with that of a proven absence, which the contract
		// has apart.
		absent.Reason = policy.Reason(from.State.Unknown()) + 1
	}
	return absent
}

// Value is a parameter's value.
func Value(from casefile_policy_types.Value) policy.Value {
	switch from.Tag() {
	case casefile_policy_types.Value_Boolean:
		return policy.BooleanValue(from.Boolean())
	case casefile_policy_types.Value_Integer:
		return policy.IntegerValue(from.Integer())
	case casefile_policy_types.Value_Text:
		return policy.TextValue(from.Text())
	default:
		return policy.TextsValue(from.Texts())
	}
}

// Each lifts the elements of a list.
func Each[From, To any](from []From, lift func(From) To) []To {
	to := make([]To, len(from))
	for index, one := range from {
		to[index] = lift(one)
	}
	return to
}

// Optional lifts a value, where there is one.
func Optional[From, To any](from types.Option[From], lift func(From) To) *To {
	if from.Tag() == types.OptionNone {
		return nil
	}
	to := lift(from.Some())
	return &to
}

// Lowered is the value behind a pointer as the bindings take it, or none for
// nil.
func Lowered[From, To any](from *From, lower func(From) To) types.Option[To] {
	if from == nil {
		return types.None[To]()
	}
	return types.Some(lower(*from))
}
