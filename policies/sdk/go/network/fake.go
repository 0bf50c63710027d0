// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

//go:build !wasip1

package network

import (
	"casefile/policy"
)

// Fake answers in the engine's place in tests that run natively; package
// policytest sets it. What has no fake was not collected.
var Fake struct {
	// A counter of /proc/net/netstat or /proc/net/snmp, as nstat(8) names
	// it: `TcpExtListenOverflows`, `TcpAttemptFails`.
	GetCounter func(name string) (Counter, error)
	// Sockets of TCP by state.
	GetSockets func() (Sockets, error)
	// How many sockets of TCP in TIME_WAIT one local address has to one
	// remote address and port, where it has the most: so many local ports
	// can't be used for another connection there (tcp(7)). Which one it is
	// stays on the host.
	GetMostWaiting func() (Counter, error)
	// Who listens, sorted by protocol, port and address, from index
	// `offset`, at most `limit` (the engine gives no more than 1024).
	Listeners func(offset uint32, limit uint32) ([]Listener, error)
}

func getCounter(name string) (Counter, error) {
	if Fake.GetCounter == nil {
		var zero Counter
		return zero, policy.NotCollected("network.get-counter")
	}
	return Fake.GetCounter(name)
}

func getSockets() (Sockets, error) {
	if Fake.GetSockets == nil {
		var zero Sockets
		return zero, policy.NotCollected("network.get-sockets")
	}
	return Fake.GetSockets()
}

func getMostWaiting() (Counter, error) {
	if Fake.GetMostWaiting == nil {
		var zero Counter
		return zero, policy.NotCollected("network.get-most-waiting")
	}
	return Fake.GetMostWaiting()
}

func listeners(offset uint32, limit uint32) ([]Listener, error) {
	if Fake.Listeners == nil {
		var zero []Listener
		return zero, policy.NotCollected("network.listeners")
	}
	return Fake.Listeners(offset, limit)
}
