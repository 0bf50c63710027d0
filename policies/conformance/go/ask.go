package main

import (
	"math"
	"slices"
	"strings"

	"casefile/policy"
	"casefile/policy/audit"
	"casefile/policy/cgroup"
	"casefile/policy/data"
	"casefile/policy/environment"
	"casefile/policy/files"
	"casefile/policy/host"
	"casefile/policy/kernellog"
	"casefile/policy/log"
	"casefile/policy/network"
	"casefile/policy/parameters"
	"casefile/policy/process"
	"casefile/policy/runtime"
	"casefile/policy/script"
	"casefile/policy/sysctl"
	"casefile/policy/trust"
)

const (
	// Processes that are looked at.
	processes = 12
	// Pages that are turned.
	pages = 3
)

// answers collects the findings of a rule that asks.
type answers []policy.Finding

// add tells what a call gave: add(value, "sysctl.get", "fs.nr_open").
func (answers *answers) add(value any, function string, arguments ...any) {
	all := make([]string, len(arguments))
	for index, argument := range arguments {
		all[index] = shown(argument)
	}
	answers.tell(value, function+"("+strings.Join(all, ", ")+")")
}

func (answers *answers) tell(value any, subject string) {
	*answers = append(*answers, policy.Pass(subject, "answers").Actual(shown(value)))
}

// turned gives the first pages of a list, which takes an offset and a limit
// behind its other arguments.
func turned[T any](
	answers *answers, limit uint32, getter func(offset, limit uint32) ([]T, error),
	function string, arguments ...any,
) []T {
	var items []T
	for range pages {
		offset := uint32(len(items))
		page, err := getter(offset, limit)
		answers.add(result(page, err), function, append(slices.Clone(arguments), offset, limit)...)
		if err != nil || len(page) == 0 {
			break
		}
		items = append(items, page...)
	}
	return items
}

func asksHost() ([]policy.Finding, error) {
	var answers answers
	answers.add(host.SnapshotKind(), "host.snapshot-kind")
	answers.add(result(host.Architecture()), "host.architecture")
	answers.add(result(host.OS()), "host.os")
	answers.add(result(host.RunningKernel()), "host.running-kernel")
	answers.add(result(host.MemoryTotal()), "host.memory-total")
	answers.add(result(host.CPU()), "host.cpu")
	answers.add(result(host.Mounted()), "host.mounted")
	for _, name := range []string{"CommitLimit", "NoSuch"} {
		answers.add(result(host.MemoryFigure(name)), "host.memory-figure", name)
	}
	for what := host.PressureKindCPU; what <= host.PressureKindIo; what++ {
		answers.add(result(host.GetPressure(what)), "host.get-pressure", what)
	}
	return answers, nil
}

func asksSysctl() ([]policy.Finding, error) {
	var answers answers
	for _, name := range []string{
		"kernel.ostype", "kernel.hostname", "net.ipv4.ip_local_port_range",
		"net/ipv4/conf/eth0.1/rp_filter", "fs.nr_open", "no.such", "größe", "",
	} {
		answers.add(result(sysctl.Get(name)), "sysctl.get", name)
	}
	for _, name := range []string{
		"fs.nr_open", "fs.file-max", "kernel.ostype", "net.core.somaxconn", "vm.least", "no.such",
	} {
		answers.add(result(sysctl.GetNumber(name)), "sysctl.get-number", name)
	}
	for _, prefix := range []string{"net.core", "net.ipv4.conf", "no.such", ""} {
		answers.add(result(sysctl.Names(prefix)), "sysctl.names", prefix)
	}
	return answers, nil
}

// firstPIDs gives the first processes, as pages of five give them.
func (answers *answers) firstPIDs() []uint32 {
	var pids []uint32
	for len(pids) < processes {
		var after uint32
		if len(pids) > 0 {
			after = pids[len(pids)-1]
		}
		page, err := process.Pids(after, 5)
		answers.add(result(page, err), "process.pids", after, 5)
		if err != nil || len(page) == 0 {
			break
		}
		pids = append(pids, page...)
	}
	return pids[:min(len(pids), processes)]
}

func asksProcess() ([]policy.Finding, error) {
	var answers answers
	pids := answers.firstPIDs()
	for _, pid := range append(pids, math.MaxUint32) {
		answers.add(result(process.GetStatus(pid)), "process.get-status", pid)
		for what := process.LimitedCPU; what <= process.LimitedRealTimeTimeout; what++ {
			answers.add(result(process.GetLimit(pid, what)), "process.get-limit", pid, what)
		}
		answers.add(result(process.GetDescriptors(pid)), "process.get-descriptors", pid)
		answers.add(result(process.GetExecutable(pid)), "process.get-executable", pid)
		answers.add(result(process.GetMemory(pid)), "process.get-memory", pid)
		answers.add(result(process.GetMappings(pid)), "process.get-mappings", pid)
		answers.add(result(process.GetWatches(pid)), "process.get-watches", pid)
		answers.add(result(process.GetStarted(pid)), "process.get-started", pid)
	}
	return answers, nil
}

func asksCgroup() ([]policy.Finding, error) {
	var answers answers
	paths := []string{"/", "/no/such"}
	pids := answers.firstPIDs()
	for _, pid := range pids {
		memberships, err := cgroup.OfProcess(pid)
		answers.add(result(memberships, err), "cgroup.of-process", pid)
		for _, entry := range memberships.Entries {
			if entry.Hierarchy == 0 && !slices.Contains(paths, entry.Path) {
				paths = append(paths, entry.Path)
			}
		}
	}
	for _, path := range paths {
		for _, file := range []string{"pids.max", "memory.max", "cgroup.controllers"} {
			answers.add(result(cgroup.Get(path, file)), "cgroup.get", path, file)
		}
	}
	var members []cgroup.Member
	for _, pid := range append(pids, math.MaxUint32)[:min(len(pids)+1, 2)] {
		members = append(members, cgroup.Member{Case: cgroup.MemberProcess, Process: pid})
	}
	for _, path := range paths[:min(len(paths), 3)] {
		members = append(members, cgroup.Member{Case: cgroup.MemberGroup, Group: path})
	}
	for _, member := range members {
		for what := cgroup.ResourceKindMemory; what <= cgroup.ResourceKindCPU; what++ {
			answers.add(result(cgroup.Limits(member, what)), "cgroup.limits", member, what)
			answers.add(result(cgroup.Events(member, what)), "cgroup.events", member, what)
		}
	}
	return answers, nil
}

func asksKernelLog() ([]policy.Finding, error) {
	var answers answers
	answers.add(result(kernellog.GetCoverage()), "kernel-log.get-coverage")
	for _, text := range []string{"", "oom", "größe"} {
		turned(&answers, 3, func(offset, limit uint32) ([]kernellog.Line, error) {
			return kernellog.Lines(text, offset, limit)
		}, "kernel-log.lines", text)
	}
	turned(&answers, 3, kernellog.MemoryKills, "kernel-log.memory-kills")
	return answers, nil
}

func asksNetwork() ([]policy.Finding, error) {
	var answers answers
	for _, name := range []string{"TcpExtListenOverflows", "TcpAttemptFails", "NoSuch"} {
		answers.add(result(network.GetCounter(name)), "network.get-counter", name)
	}
	answers.add(result(network.GetSockets()), "network.get-sockets")
	answers.add(result(network.GetMostWaiting()), "network.get-most-waiting")
	turned(&answers, 4, network.Listeners, "network.listeners")
	return answers, nil
}

// poolRequests ask for pools as they are without environment, and with it.
func poolRequests() []trust.PoolRequest {
	release, bundle, folders := "go1.22", "/etc/ssl/certs/ca-certificates.crt", "/no/such:/etc/größe"
	return []trust.PoolRequest{
		{Library: trust.LibraryGo},
		{Library: trust.LibraryOpenssl},
		{Library: trust.LibraryGnutls},
		{Library: trust.LibraryGo, Version: &release, CertificateFile: &bundle},
		{Library: trust.LibraryOpenssl, CertificateFile: &bundle, CertificateDirectory: &folders},
	}
}

func asksTrust() ([]policy.Finding, error) {
	var answers answers
	stores, err := trust.GetStores()
	answers.add(result(stores, err), "trust.get-stores")
	var paths []string
	for _, store := range stores.Known {
		paths = append(paths, store.Path)
	}
	var fingerprints []string
	for _, path := range append(paths, "/no/such") {
		found := turned(&answers, 7, func(offset, limit uint32) ([]trust.Certificate, error) {
			return trust.Certificates(path, offset, limit)
		}, "trust.certificates", path)
		for _, certificate := range found[:min(len(found), 2)] {
			fingerprints = append(fingerprints, certificate.Fingerprint)
		}
	}
	answers.add(result(trust.GetLayout()), "trust.get-layout")
	for _, request := range poolRequests() {
		answers.add(result(trust.GetPool(request)), "trust.get-pool", request)
		turned(&answers, 3, func(offset, limit uint32) ([]trust.PoolCertificate, error) {
			return trust.PoolCertificates(request, offset, limit)
		}, "trust.pool-certificates", request)
	}
	for _, fingerprint := range append(fingerprints[:min(len(fingerprints), 3)], "00") {
		answers.add(result(trust.GetDetails(fingerprint)), "trust.get-details", fingerprint)
		answers.add(result(trust.FindKnownRoot(fingerprint)), "trust.find-known-root", fingerprint)
	}
	answers.add(trust.GetKnownRoots(), "trust.get-known-roots")
	turned(&answers, 3, trust.MissingKnownRoots, "trust.missing-known-roots")
	turned(&answers, 5, trust.Drifts, "trust.drifts")
	return answers, nil
}

func asksAudit() ([]policy.Finding, error) {
	var answers answers
	begin, least, greatest := int64(0), int64(math.MinInt64), int64(math.MaxInt64)
	for _, filter := range []audit.Filter{
		{},
		{RecordTypes: []string{"AVC", "größe"}, Since: &begin},
		{Since: &least},
		{Since: &greatest},
	} {
		var cursor uint32
		for range pages {
			page, err := audit.Records(filter, cursor, 4)
			answers.add(result(page, err), "audit.records", filter, cursor, 4)
			if err != nil || page.Next == nil {
				break
			}
			cursor = *page.Next
		}
	}
	return answers, nil
}

func asksEnvironment() ([]policy.Finding, error) {
	var answers answers
	pids := answers.firstPIDs()
	for _, pid := range append(pids, math.MaxUint32) {
		answers.add(result(environment.Names(pid)), "environment.names", pid)
		for _, name := range []string{"PATH", "GOMEMLIMIT", "SECRET_TOKEN", "GRÖSSE", ""} {
			answers.add(result(environment.Get(pid, name)), "environment.get", pid, name)
		}
	}
	for _, index := range answers.someStarts() {
		answers.add(result(environment.NamesOfStart(index)), "environment.names-of-start", index)
		for _, name := range []string{"PATH", "NO_SUCH"} {
			answers.add(result(environment.OfStart(index, name)), "environment.of-start", index, name)
		}
	}
	return answers, nil
}

func asksFiles() ([]policy.Finding, error) {
	var answers answers
	for _, path := range []string{
		"/", "/etc", "/etc/os-release", "/etc/long", "/etc/größe/日本", "/etc/empty", "/etc/binary",
		"/proc/1/status", "/etc/shadow", "/no/such", "relative", "",
	} {
		answers.add(result(files.GetStat(path)), "files.get-stat", path)
		answers.add(result(files.ReadText(path)), "files.read-text", path)
		answers.add(result(files.ReadDirectory(path)), "files.read-directory", path)
		for _, name := range []string{"security.selinux", "security.capability"} {
			answers.add(result(files.GetAttribute(path, name)), "files.get-attribute", path, name)
		}
	}
	for _, path := range []string{"/", "/no/such"} {
		answers.add(result(files.GetSpace(path)), "files.get-space", path)
	}
	return answers, nil
}

func asksParameters() ([]policy.Finding, error) {
	var answers answers
	for _, name := range []string{
		"boolean", "least", "greatest", "text", "empty", "texts", "none", "no-such",
	} {
		answers.add(result(parameters.Get(name)), "parameters.get", name)
	}
	return answers, nil
}

func asksData() ([]policy.Finding, error) {
	var answers answers
	answers.add(data.Names(), "data.names")
	for _, name := range []string{"table.txt", "table.bin", "empty", "no-such"} {
		answers.add(result(data.Read(name)), "data.read", name)
		answers.add(result(data.ReadText(name)), "data.read-text", name)
	}
	return answers, nil
}

// The seed is another one for each policy: it is asked twice.
func asksRuntime() ([]policy.Finding, error) {
	var answers answers
	answers.add(runtime.Now(), "runtime.now")
	answers.tell(runtime.Seed() == runtime.Seed(), "runtime.seed() is the same again")
	return answers, nil
}

// Scripts have one, and components have none: it is asked twice.
func asksScript() ([]policy.Finding, error) {
	var answers answers
	answers.tell(shown(script.Get()) == shown(script.Get()), "script.get() is the same again")
	return answers, nil
}

func asksLog() ([]policy.Finding, error) {
	var answers answers
	for level := log.LevelDebug; level <= log.LevelWarn; level++ {
		for _, text := range []string{"", "größe « 日本 »\n\x00", strings.Repeat("é", 1000)} {
			log.Write(level, text)
		}
		answers.tell(true, "log.write("+level.String()+")")
	}
	return answers, nil
}
