//go:build wasip1

// Package export_wit_world is what the generated exports call; the name is
// theirs. The package policy sets what answers.
package export_wit_world

import (
	"casefile/policy/internal/bindings/imports/casefile_policy_types"
	"casefile/policy/internal/wit/types"
)

// Description gives what the policy is.
var Description func() casefile_policy_types.Description

// Evaluation gives the findings of a rule.
var Evaluation func(rule string) types.Result[[]casefile_policy_types.Finding, casefile_policy_types.Absence]

// Describe is called by the engine.
func Describe() casefile_policy_types.Description {
	return Description()
}

// Evaluate is called by the engine.
func Evaluate(rule string) types.Result[[]casefile_policy_types.Finding, casefile_policy_types.Absence] {
	return Evaluation(rule)
}
