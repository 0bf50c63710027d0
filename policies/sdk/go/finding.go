package policy

import (
	"fmt"
	"strconv"
)

// Evidence refers to what a fact was read from. Getters give it, findings cite
// it; it has no meaning outside one snapshot.
type Evidence = uint32

// Outcome is what a rule says of one subject.
type Outcome uint8

// Values of Outcome.
const (
	OutcomePass Outcome = iota
	OutcomeFail
	OutcomeUnknown
	OutcomeNotApplicable
)

// String is the name in the contract.
func (outcome Outcome) String() string {
	return name(outcome, "pass", "fail", "unknown", "not-applicable")
}

// Severity is how much a failure matters, least first.
type Severity uint8

// Values of Severity.
const (
	SeverityInfo Severity = iota
	SeverityLow
	SeverityMedium
	SeverityHigh
	SeverityCritical
)

// String is the name in the contract.
func (severity Severity) String() string {
	return name(severity, "info", "low", "medium", "high", "critical")
}

// Confidence is how sure a finding is.
type Confidence uint8

// Values of Confidence.
const (
	// ConfidenceProven follows from the rules of the loader, the kernel or
	// the runtime.
	ConfidenceProven Confidence = iota
	// ConfidenceInferred follows from what was logged.
	ConfidenceInferred
	// ConfidenceHeuristic is a rule of thumb.
	ConfidenceHeuristic
)

// String is the name in the contract.
func (confidence Confidence) String() string {
	return name(confidence, "proven", "inferred", "heuristic")
}

// ExitClass is which exit code casefile preflight gives when a rule fails.
type ExitClass uint8

// Values of ExitClass.
const (
	ExitClassNetwork ExitClass = iota
	ExitClassCertificates
	ExitClassELF
	ExitClassLimits
	ExitClassAccessControl
	ExitClassUnit
	ExitClassGoRuntime
)

// String is the name in the contract.
func (class ExitClass) String() string {
	return name(class, "network", "certificates", "elf", "limits", "access-control", "unit", "go-runtime")
}

func name[T ~uint8](value T, names ...string) string {
	if int(value) < len(names) {
		return names[value]
	}
	return strconv.Itoa(int(value))
}

// Finding is what a rule found about one subject. Pass, Fail, NotApplicable
// and Unknown make one; its methods give a copy with one thing more.
type Finding struct {
	outcome    Outcome
	subject    string
	message    string
	actual     *string
	wanted     *string
	remedy     *string
	confidence Confidence
	severity   *Severity
	evidence   []Evidence
	missing    []*Absent
}

// Pass says that the subject is as it should be.
func Pass(subject, message string) Finding {
	return Finding{outcome: OutcomePass, subject: subject, message: message}
}

// Fail says that the subject is not as it should be.
func Fail(subject, message string) Finding {
	return Finding{outcome: OutcomeFail, subject: subject, message: message}
}

// NotApplicable says that the rule does not concern the subject.
func NotApplicable(subject, message string) Finding {
	return Finding{outcome: OutcomeNotApplicable, subject: subject, message: message}
}

// Unknown says that evidence about the subject is missing.
func Unknown(subject, message string, missing ...*Absent) Finding {
	return Finding{outcome: OutcomeUnknown, subject: subject, message: message, missing: missing}
}

// Actual adds the value that was found, as fmt.Sprint writes it.
func (finding Finding) Actual(value any) Finding {
	return finding.with(&finding.actual, fmt.Sprint(value))
}

// Wanted adds the value that the rule wants.
func (finding Finding) Wanted(format string, arguments ...any) Finding {
	return finding.with(&finding.wanted, sprintf(format, arguments))
}

// Remedy adds what to do about it.
func (finding Finding) Remedy(format string, arguments ...any) Finding {
	return finding.with(&finding.remedy, sprintf(format, arguments))
}

// with sets a field of the copy that its method has.
func (finding *Finding) with(field **string, text string) Finding {
	*field = &text
	return *finding
}

// sprintf leaves a text without arguments as it is.
func sprintf(format string, arguments []any) string {
	if len(arguments) == 0 {
		return format
	}
	return fmt.Sprintf(format, arguments...)
}

// Severity gives it a severity of its own.
func (finding Finding) Severity(severity Severity) Finding {
	finding.severity = &severity
	return finding
}

// Confidence says how sure it is; proven where nothing is said.
func (finding Finding) Confidence(confidence Confidence) Finding {
	finding.confidence = confidence
	return finding
}

// Evidence adds evidence that decides it, of what the rule has read.
func (finding Finding) Evidence(evidence ...Evidence) Finding {
	finding.evidence = append(finding.evidence[:len(finding.evidence):len(finding.evidence)], evidence...)
	return finding
}

// Fields are a finding's fields as text, for tests: those that are not there
// are empty.
type Fields struct {
	Outcome                                           Outcome
	Subject, Message, Actual, Wanted, Remedy, Missing string
}

// Fields gives them.
func (finding Finding) Fields() Fields {
	fields := Fields{Outcome: finding.outcome, Subject: finding.subject, Message: finding.message}
	for _, field := range []struct {
		from *string
		to   *string
	}{{finding.actual, &fields.Actual}, {finding.wanted, &fields.Wanted}, {finding.remedy, &fields.Remedy}} {
		if field.from != nil {
			*field.to = *field.from
		}
	}
	for _, absent := range finding.missing {
		if fields.Missing != "" {
			fields.Missing += "; "
		}
		fields.Missing += absent.Error()
	}
	return fields
}
