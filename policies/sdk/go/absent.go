package policy

import (
	"errors"
	"strconv"
)

// Reason says why something is not there.
type Reason uint8

// Values of Reason.
const (
	// ReasonAbsent: the collector looked, and there is none for certain.
	ReasonAbsent Reason = iota
	// ReasonDenied: the kernel refused to let the collector read it.
	ReasonDenied
	// ReasonTimedOut: reading took longer than the collector waits.
	ReasonTimedOut
	// ReasonTooLarge: larger than the collector takes.
	ReasonTooLarge
	// ReasonRedacted: hidden on the host, before the snapshot was written.
	ReasonRedacted
	// ReasonNotCollected: the collector did not look for it.
	ReasonNotCollected
	// ReasonUnreadable: reading failed for another reason.
	ReasonUnreadable
	// ReasonVanished: it was there and then was not.
	ReasonVanished
	// ReasonNotRegular: no regular file.
	ReasonNotRegular
	// ReasonMalformed: it was read, and is not what it should be.
	ReasonMalformed
	// ReasonNeedsRunningKernel: the snapshot is of an image.
	ReasonNeedsRunningKernel
)

var reasons = [...]string{
	"absent", "denied", "timed-out", "too-large", "redacted", "not-collected",
	"unreadable", "vanished", "not-regular", "malformed", "needs-running-kernel",
}

// String is the name in the contract.
func (reason Reason) String() string {
	if int(reason) < len(reasons) {
		return reasons[reason]
	}
	return strconv.Itoa(int(reason))
}

// Absent is the error of every getter: why there is no value. A rule that
// can't do without the value returns it, and ends unknown.
type Absent struct {
	// Path is what was looked for: a path on the captured host, or the name
	// of a parameter or another key.
	Path string
	// Reason says why it is not there; ReasonAbsent is proven absence.
	Reason Reason
	// Detail is the error or limit in words; may be empty.
	Detail string
}

// Error says what is missing, and why.
func (absent *Absent) Error() string {
	text := absent.Path + " (" + absent.Reason.String() + ")"
	if absent.Detail != "" {
		text += ": " + absent.Detail
	}
	return text
}

// NotCollected is the absence of something that nobody looked for.
func NotCollected(path string) *Absent {
	return &Absent{Path: path, Reason: ReasonNotCollected}
}

// IsAbsent tells whether an error says that something is absent for certain,
// and so is an answer: it is false for everything that is only not known.
func IsAbsent(err error) bool {
	var absent *Absent
	return errors.As(err, &absent) && absent.Reason == ReasonAbsent
}

// OrAbsent takes the results of a getter and gives a value of its own in the
// place of one that is absent for certain. What is not known stays an error:
//
//	limit, err := policy.OrAbsent(0)(sysctl.GetNumber("vm.overcommit_kbytes"))
func OrAbsent[T any](otherwise T) func(value T, err error) (T, error) {
	return func(value T, err error) (T, error) {
		if IsAbsent(err) {
			return otherwise, nil
		}
		return value, err
	}
}
