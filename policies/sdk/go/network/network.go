// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

// Package network: The network of the collector's namespace: counters, and who listens.
package network

import (
	"casefile/policy"
)

// Counter: A count of the kernel's.
type Counter struct {
	// How many; of its counters, since the namespace was made.
	Value int64 `wit:"value"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// StateCount: How many sockets of TCP are in a state.
type StateCount struct {
	// `ESTABLISHED`, `TIME_WAIT`, `LISTEN` ...
	State string `wit:"state"`
	// How many, of both IP versions.
	Count uint32 `wit:"count"`
}

// Sockets: Sockets of TCP.
type Sockets struct {
	// By state, sorted by name; states without a socket are left out.
	States []StateCount `wit:"states"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// Listener: A socket that waits for connections or datagrams.
type Listener struct {
	// `tcp`, `tcp6`, `udp`, `udp6`.
	Protocol string `wit:"protocol"`
	// `0.0.0.0`, `127.0.0.1`, `::`.
	Address string `wit:"address"`
	// Its port.
	Port uint16 `wit:"port"`
	// It can be reached from the host alone (127.0.0.0/8, ::1).
	Loopback bool `wit:"loopback"`
	// The processes that have it open, as far as that could be read.
	Pids []uint32 `wit:"pids"`
	// Where it was read.
	Evidence policy.Evidence `wit:"evidence"`
}

// GetCounter: A counter of /proc/net/netstat or /proc/net/snmp, as nstat(8) names
// it: `TcpExtListenOverflows`, `TcpAttemptFails`.
func GetCounter(name string) (Counter, error) {
	return getCounter(name)
}

// GetSockets: Sockets of TCP by state.
func GetSockets() (Sockets, error) {
	return getSockets()
}

// GetMostWaiting: How many sockets of TCP in TIME_WAIT one local address has to one
// remote address and port, where it has the most: so many local ports
// can't be used for another connection there (tcp(7)). Which one it is
// stays on the host.
func GetMostWaiting() (Counter, error) {
	return getMostWaiting()
}

// Listeners: Who listens, sorted by protocol, port and address, from index
// `offset`, at most `limit` (the engine gives no more than 1024).
func Listeners(offset uint32, limit uint32) ([]Listener, error) {
	return listeners(offset, limit)
}
