// Attempts to leave the sandbox: a rule for each. How each ends is told in
// README.md.
package main

import (
	_ "embed"

	"casefile/policy"
)

//go:embed rules/any.md
var documentation string

func init() {
	escapes := policy.Policy{
		ID:      "escapes",
		Version: "1.0.0",
		Title:   "Attempts to leave the sandbox",
	}
	for _, attempt := range []struct {
		code string
		try  func() string
	}{
		{"opens-file", opensFile},
		{"writes-file", writesFile},
		{"lists-directory", listsDirectory},
		{"reads-environment", readsEnvironment},
		{"connects", connects},
		{"listens", listens},
		{"resolves-name", resolvesName},
		{"spawns", spawns},
		{"signals", signals},
		{"reads-input", readsInput},
		{"reads-clock-twice", readsClockTwice},
		{"reads-random-twice", readsRandomTwice},
		{"orders-maps", ordersMaps},
		{"sleeps", sleeps},
		{"schedules", schedules},
		{"collects-garbage", collectsGarbage},
		{"writes-gigabyte", writesGigabyte},
		{"writes-bytes", writesBytes},
		{"grows-memory", growsMemory},
		{"recurses", recurses},
		{"loops", loops},
		{"deadlocks", deadlocks},
		{"panics", panics},
		{"panics-elsewhere", panicsElsewhere},
		{"returns-error", nil},
		{"exits", exits},
	} {
		judge := func() ([]policy.Finding, error) {
			return []policy.Finding{policy.Pass(attempt.code, "goes on").Actual(attempt.try())}, nil
		}
		if attempt.try == nil {
			judge = returnsError
		}
		escapes.Rules = append(escapes.Rules, policy.Rule{
			Code:          attempt.code,
			Title:         "Tries: " + attempt.code,
			Severity:      policy.SeverityInfo,
			ExitClass:     policy.ExitClassUnit,
			Documentation: documentation,
			Judge:         judge,
		})
	}
	policy.Register(escapes)
}

func main() {}
