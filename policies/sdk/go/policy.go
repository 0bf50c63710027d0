// Package policy writes policies for Casefile in Go: a table of rules, and
// functions that judge.
//
//	//go:embed rules
//	var rules embed.FS
//
//	func init() {
//		policy.Register(policy.Policy{
//			ID:            "example",
//			Version:       "0.1.0",
//			Title:         "Settings of the network stack",
//			Documentation: rules,
//			Rules: []policy.Rule{{
//				Code:      "backlog-short",
//				Title:     "The listen backlog is short",
//				Severity:  policy.SeverityMedium,
//				ExitClass: policy.ExitClassNetwork,
//				Judge:     backlog,
//			}},
//		})
//	}
//
//	func backlog() ([]policy.Finding, error) {
//		setting, err := sysctl.GetNumber("net.core.somaxconn")
//		if err != nil {
//			return nil, err
//		}
//		...
//	}
//
// To return the error of a getter is always right: an absence that a rule
// returns ends it unknown, with the evidence that was missing and why. Each
// interface of the contract is a package; those that a policy imports and
// calls are its permissions.
package policy

import (
	"errors"
	"fmt"
	"io/fs"
)

// Policy is a table of rules.
type Policy struct {
	// ID is made of lower-case words with hyphens.
	ID string
	// Version of the policy (semver).
	Version string
	// Title says what it is for, in a few words.
	Title string
	// Documentation holds the documentation of rules without one of their
	// own, as files rules/CODE.md.
	Documentation fs.FS
	// Parameters that the user may set.
	Parameters []Parameter
	// Needs names the interfaces that it needs, where it imports more than
	// that. In Go the imports are what it calls, and say it by themselves:
	// nil.
	Needs []string
	// Rules that it has.
	Rules []Rule
}

// Rule is one rule.
type Rule struct {
	// Code is stable: ca-expired.
	Code string
	// Title says what is wrong when it fails, in a few words.
	Title string
	// Severity is how much a failure matters.
	Severity Severity
	// ExitClass is the class of its failures.
	ExitClass ExitClass
	// Documentation is Markdown with the headings What it checks, Why it
	// matters, How to fix and References. Empty for rules/CODE.md.
	Documentation string
	// Judge gives its findings. An *Absent as error, wrapped or not, ends
	// the rule unknown; any other error ends it as an error.
	Judge func() ([]Finding, error)
}

// Parameter is something that the user may set.
type Parameter struct {
	// Name is made of lower-case words with hyphens.
	Name string
	// Default is the value when the user sets none; its type is the
	// parameter's.
	Default Value
	// Documentation says what it does, with its unit.
	Documentation string
}

// IntegerParameter describes a parameter that is a whole number.
func IntegerParameter(name string, otherwise int64, documentation string) Parameter {
	return Parameter{name, IntegerValue(otherwise), documentation}
}

// BooleanParameter describes a parameter that is true or false.
func BooleanParameter(name string, otherwise bool, documentation string) Parameter {
	return Parameter{name, BooleanValue(otherwise), documentation}
}

// TextParameter describes a parameter that is a text.
func TextParameter(name, otherwise, documentation string) Parameter {
	return Parameter{name, TextValue(otherwise), documentation}
}

// TextsParameter describes a parameter that is a list of texts.
func TextsParameter(name string, otherwise []string, documentation string) Parameter {
	return Parameter{name, TextsValue(otherwise), documentation}
}

// registered is the policy of this component.
var registered Policy

// Register makes a policy the one of this component. Call it in init.
func Register(policy Policy) {
	registered = policy
}

// Registered is the policy of this component.
func Registered() Policy {
	return registered
}

// documented gives a rule's documentation.
func (policy *Policy) documented(rule *Rule) string {
	if rule.Documentation != "" || policy.Documentation == nil {
		return rule.Documentation
	}
	text, err := fs.ReadFile(policy.Documentation, "rules/"+rule.Code+".md")
	if err != nil {
		panic(fmt.Sprintf("the rule %s has no documentation: %v", rule.Code, err))
	}
	return string(text)
}

// Evaluate runs a rule by its code: its findings, or the absence that it
// can't do without, or another error. A panic is an error.
func (policy *Policy) Evaluate(code string) (findings []Finding, absent *Absent, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("panic: %v%s", reason, where())
		}
	}()
	for index := range policy.Rules {
		rule := &policy.Rules[index]
		if rule.Code != code {
			continue
		}
		findings, err = rule.Judge()
		if errors.As(err, &absent) {
			return nil, absent, nil
		}
		return findings, nil, err
	}
	return nil, nil, fmt.Errorf("there is no rule %s", code)
}
