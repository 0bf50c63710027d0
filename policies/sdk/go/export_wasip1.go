package policy

import (
	"os"

	"casefile/policy/internal/bindings/exports/export_wit_world"
	// What the engine calls.
	_ "casefile/policy/internal/bindings/exports/wit_exports"
	log "casefile/policy/internal/bindings/imports/casefile_policy_log"
	raw "casefile/policy/internal/bindings/imports/casefile_policy_types"
	"casefile/policy/internal/wit/types"
)

func init() {
	export_wit_world.Description = describe
	export_wit_world.Evaluation = evaluate
}

func describe() raw.Description {
	description := raw.Description{
		Id:      registered.ID,
		Version: registered.Version,
		Title:   registered.Title,
	}
	for index := range registered.Rules {
		rule := &registered.Rules[index]
		description.Rules = append(description.Rules, raw.Rule{
			Code:          rule.Code,
			Title:         rule.Title,
			Severity:      uint8(rule.Severity),
			ExitClass:     uint8(rule.ExitClass),
			Documentation: registered.documented(rule),
		})
	}
	for _, parameter := range registered.Parameters {
		description.Parameters = append(description.Parameters, raw.Parameter{
			Name:          parameter.Name,
			Default:       lowerValue(parameter.Default),
			Documentation: parameter.Documentation,
		})
	}
	if registered.Needs != nil {
		description.Needs = types.Some(registered.Needs)
	}
	return description
}

func lowerValue(value Value) raw.Value {
	switch value.Type {
	case TypeBoolean:
		return raw.MakeValueBoolean(value.Boolean)
	case TypeInteger:
		return raw.MakeValueInteger(value.Integer)
	case TypeText:
		return raw.MakeValueText(value.Text)
	default:
		return raw.MakeValueTexts(value.Texts)
	}
}

// evaluate runs a rule. An error that is no absence goes to the log, and ends
// the instance: the engine makes a finding of that.
func evaluate(code string) types.Result[[]raw.Finding, raw.Absence] {
	findings, absent, err := registered.Evaluate(code)
	if err != nil {
		log.Write(log.Level_Warn, err.Error())
		os.Exit(1)
	}
	if absent != nil {
		return types.Err[[]raw.Finding, raw.Absence](lowerAbsent(absent))
	}
	lowered := make([]raw.Finding, len(findings))
	for index := range findings {
		lowered[index] = lowerFinding(&findings[index])
	}
	return types.Ok[[]raw.Finding, raw.Absence](lowered)
}

func lowerFinding(finding *Finding) raw.Finding {
	lowered := raw.Finding{
		Outcome:    uint8(finding.outcome),
		Subject:    finding.subject,
		Message:    finding.message,
		Actual:     types.OptionOf(finding.actual),
		Wanted:     types.OptionOf(finding.wanted),
		Remedy:     types.OptionOf(finding.remedy),
		Confidence: uint8(finding.confidence),
		Evidence:   finding.evidence,
	}
	if finding.severity != nil {
		lowered.Severity = types.Some(uint8(*finding.severity))
	}
	for _, absent := range finding.missing {
		lowered.Missing = append(lowered.Missing, lowerAbsent(absent))
	}
	return lowered
}

func lowerAbsent(absent *Absent) raw.Absence {
	state := raw.MakeStateAbsent()
	if absent.Reason != ReasonAbsent {
		// Reasons begin with that of a proven absence, which the contract
		// has apart.
		state = raw.MakeStateUnknown(uint8(absent.Reason) - 1)
	}
	return raw.Absence{Path: absent.Path, State: state, Detail: absent.Detail}
}
