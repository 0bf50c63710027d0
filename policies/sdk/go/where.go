package policy

import (
	"runtime"
	"strconv"
	"strings"
)

// frames is how many callers are named.
const frames = 16

// where names the functions that led to a panic, one a line, from the one that
// panicked up to the rule.
func where() string {
	var counters [frames]uintptr
	callers := runtime.CallersFrames(counters[:runtime.Callers(0, counters[:])])
	var text strings.Builder
	for {
		frame, more := callers.Next()
		if strings.HasSuffix(frame.Function, "policy.(*Policy).Evaluate") {
			return text.String()
		}
		if frame.Function != "" && !strings.HasPrefix(frame.Function, "runtime.") && !recovering(frame.Function) {
			text.WriteString("\n  at " + frame.Function + " (" + frame.File + ":" + strconv.Itoa(frame.Line) + ")")
		}
		if !more {
			return text.String()
		}
	}
}

// recovering tells whether a function belongs to what recovers.
func recovering(function string) bool {
	return strings.HasPrefix(function, "casefile/policy.where") ||
		strings.HasPrefix(function, "casefile/policy.(*Policy).Evaluate.")
}
