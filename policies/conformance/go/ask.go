package main

import (
	"math"
	"slices"
	"strings"

	"casefile/policy"
	"casefile/policy/audit"
	"casefile/policy/cgroup"
	"casefile/policy/data"
	"casefile/policy/elf"
	"casefile/policy/environment"
	"casefile/policy/files"
	"casefile/policy/host"
	"casefile/policy/log"
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
	// Programs that are looked at.
	programs = 12
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

func asksHost() ([]policy.Finding, error) {
	var answers answers
	answers.add(host.SnapshotKind(), "host.snapshot-kind")
	answers.add(result(host.Architecture()), "host.architecture")
	answers.add(result(host.OS()), "host.os")
	answers.add(result(host.RunningKernel()), "host.running-kernel")
	answers.add(result(host.MemoryTotal()), "host.memory-total")
	answers.add(result(host.CPU()), "host.cpu")
	answers.add(result(host.Mounted()), "host.mounted")
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
	}
	return answers, nil
}

func asksCgroup() ([]policy.Finding, error) {
	var answers answers
	paths := []string{"/", "/no/such"}
	for _, pid := range answers.firstPIDs() {
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
	return answers, nil
}

func asksELF() ([]policy.Finding, error) {
	var answers answers
	var paths []string
	for offset := uint32(0); len(paths) < programs; offset += 4 {
		page, err := elf.Programs(offset, 4)
		answers.add(result(page, err), "elf.programs", offset, 4)
		if err != nil || len(page) == 0 {
			break
		}
		for _, program := range page {
			paths = append(paths, program.Path)
		}
	}
	paths = append(paths[:min(len(paths), programs)], "/etc/os-release", "/no/such", "relative", "")
	libraryPath := "/opt/lib::/usr/lib/größe"
	for _, path := range paths {
		answers.add(result(elf.GetFile(path)), "elf.get-file", path)
		for _, libraries := range []*string{nil, &libraryPath} {
			answers.add(result(elf.Resolve(path, libraries)), "elf.resolve", path, libraries)
		}
	}
	return answers, nil
}

func asksTrust() ([]policy.Finding, error) {
	var answers answers
	stores, err := trust.GetStores()
	answers.add(result(stores, err), "trust.get-stores")
	var paths []string
	for _, store := range stores.Known {
		paths = append(paths, store.Path)
	}
	for _, path := range append(paths, "/no/such") {
		var offset uint32
		for range pages {
			page, err := trust.Certificates(path, offset, 7)
			answers.add(result(page, err), "trust.certificates", path, offset, 7)
			if err != nil || len(page) == 0 {
				break
			}
			offset += uint32(len(page))
		}
	}
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
