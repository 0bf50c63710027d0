package policy

import (
	"runtime"
	"strconv"
	"strings"
)

// frames is how many callers are named.
const frames = 16

// where names the functions that led to a panic, one a line, those of the
// runtime and of this package left out.
func where() string {
	var counters [frames]uintptr
	callers := runtime.CallersFrames(counters[:runtime.Callers(0, counters[:])])
	var text strings.Builder
	for {
		frame, more := callers.Next()
		if frame.Function != "" && !inside(frame.Function) {
			text.WriteString("\n  at " + frame.Function + " (" + frame.File + ":" + strconv.Itoa(frame.Line) + ")")
		}
		if !more {
			return text.String()
		}
	}
}

func inside(function string) bool {
	return strings.HasPrefix(function, "runtime.") || strings.HasPrefix(function, "casefile/policy.")
}
