# The conformance policy, in Rego. What it asks and how values are written:
# policies/conformance/README.md. Rules are lists, not sets: the findings of a
# list come in its order, those of a set would be sorted.
#
# METADATA
# title: Asks everything — 日本語, עברית
# scope: package
# custom:
#   version: "1.0.0"
#   documentation: |
#     ## What it checks
#
#     That a language's kit says the same as every other: `日本語`, `עברית`, `e` with `́`.
#
#     ## Why it matters
#
#     A policy may be written in any language.
#
#     ## How to fix
#
#     Mend the kit.
#
#     ## References
#
#     - policies/conformance/README.md
#   parameters:
#     - {name: boolean, default: true, documentation: Yes or no.}
#     - {name: least, default: -9223372036854775808, documentation: The least number.}
#     - {name: greatest, default: 9223372036854775807, documentation: The greatest number.}
#     - {name: text, default: größer als « 日本 », documentation: A text.}
#     - {name: empty, default: "", documentation: No text.}
#     - {name: texts, default: [one, "", ü], documentation: Texts.}
#     - {name: none, default: [], documentation: No texts.}
package conformance

import rego.v1

# --- The rules that ask: one for each interface, a finding for each call.

# METADATA
# title: Asks host, « host »
# custom: {code: host, severity: info, exit_class: network}
finding_host := [
	answer("host.snapshot-kind()", casefile.host.snapshot_kind()),
	asked("host.architecture()", architecture, [simple(it) | it := architecture.value]),
	asked("host.os()", os, [os_release(it) | it := os.value]),
	asked("host.running-kernel()", kernel, [kernel_release(it) | it := kernel.value]),
	asked("host.memory-total()", memory, [memory_total(it) | it := memory.value]),
	asked("host.cpu()", cpu, [processors(it) | it := cpu.value]),
	asked("host.mounted()", mounted, [mounts(it) | it := mounted.value]),
	asked(call("host.memory-figure", [simple("CommitLimit")]), committed, [figure(it) | it := committed.value]),
	asked(call("host.memory-figure", [simple("NoSuch")]), nothing, [figure(it) | it := nothing.value]),
	asked("host.get-pressure(cpu)", of_cpu, [pressure(it) | it := of_cpu.value]),
	asked("host.get-pressure(memory)", of_memory, [pressure(it) | it := of_memory.value]),
	asked("host.get-pressure(io)", of_io, [pressure(it) | it := of_io.value]),
] if {
	architecture := casefile.try("host.architecture", [])
	os := casefile.try("host.os", [])
	kernel := casefile.try("host.running_kernel", [])
	memory := casefile.try("host.memory_total", [])
	cpu := casefile.try("host.cpu", [])
	mounted := casefile.try("host.mounted", [])
	committed := casefile.try("host.memory_figure", ["CommitLimit"])
	nothing := casefile.try("host.memory_figure", ["NoSuch"])
	of_cpu := casefile.try("host.get_pressure", ["cpu"])
	of_memory := casefile.try("host.get_pressure", ["memory"])
	of_io := casefile.try("host.get_pressure", ["io"])
}

# METADATA
# title: Asks sysctl, « sysctl »
# custom: {code: sysctl, severity: low, exit_class: limits}
finding_sysctl := joined([texts_of_settings, numbers_of_settings, names_of_settings]) if {
	texts_of_settings := [asked(call("sysctl.get", [simple(name)]), tried, shown) |
		some name in [
			"kernel.ostype", "kernel.hostname", "net.ipv4.ip_local_port_range",
			"net/ipv4/conf/eth0.1/rp_filter", "fs.nr_open", "no.such", "größe", "",
		]
		tried := casefile.try("sysctl.get", [name])
		shown := [record(it, "text evidence", {}) | it := tried.value]
	]
	numbers_of_settings := [asked(call("sysctl.get-number", [simple(name)]), tried, shown) |
		some name in [
			"fs.nr_open", "fs.file-max", "kernel.ostype", "net.core.somaxconn", "vm.least", "no.such",
		]
		tried := casefile.try("sysctl.get_number", [name])
		shown := [record(it, "value evidence", {}) | it := tried.value]
	]
	names_of_settings := [asked(call("sysctl.names", [simple(prefix)]), tried, shown) |
		some prefix in ["net.core", "net.ipv4.conf", "no.such", ""]
		tried := casefile.try("sysctl.names", [prefix])
		shown := [list_of(it) | it := tried.value]
	]
}

# METADATA
# title: Asks process, « process »
# custom: {code: process, severity: medium, exit_class: limits}
finding_process := array.concat(
	pages_of_pids.findings,
	joined([of_process(pid) | some pid in some_pids]),
)

of_process(pid) := joined([
	[asked(call("process.get-status", name), found, [status(it) | it := found.value])],
	limits,
	[asked(call("process.get-descriptors", name), open, [descriptors(it) | it := open.value])],
	[
		asked(call("process.get-executable", name), run, [executable(it) | it := run.value]),
		asked(call("process.get-memory", name), memory, [process_memory(it) | it := memory.value]),
		asked(call("process.get-mappings", name), maps, [mappings(it) | it := maps.value]),
		asked(call("process.get-watches", name), eyes, [watches(it) | it := eyes.value]),
		asked(call("process.get-started", name), begun, [started(it) | it := begun.value]),
	],
]) if {
	name := [simple(pid)]
	found := casefile.try("process.get_status", [pid])
	limits := [asked(call("process.get-limit", [simple(pid), what]), tried, shown) |
		some what in [
			"cpu", "file-size", "data", "stack-size", "core", "resident-set", "processes",
			"open-files", "locked-memory", "address-space", "file-locks", "pending-signals",
			"message-queues", "nice", "real-time-priority", "real-time-timeout",
		]
		tried := casefile.try("process.get_limit", [pid, what])
		shown := [limit(it) | it := tried.value]
	]
	open := casefile.try("process.get_descriptors", [pid])
	run := casefile.try("process.get_executable", [pid])
	memory := casefile.try("process.get_memory", [pid])
	maps := casefile.try("process.get_mappings", [pid])
	eyes := casefile.try("process.get_watches", [pid])
	begun := casefile.try("process.get_started", [pid])
}

# METADATA
# title: Asks cgroup, « cgroup »
# custom: {code: cgroup, severity: high, exit_class: limits}
finding_cgroup := joined([pages_of_pids.findings, of_processes, controls, resources]) if {
	tries := [[pid, casefile.try("cgroup.of_process", [pid])] | some pid in first_pids]
	of_processes := [asked(call("cgroup.of-process", [simple(pid)]), tried, shown) |
		some [pid, tried] in tries
		shown := [memberships(it) | it := tried.value]
	]
	found := [entry.path |
		some [_, tried] in tries
		some entry in tried.value.entries
		entry.hierarchy == 0
	]
	paths := each_once(array.concat(["/", "/no/such"], found))
	controls := [asked(call("cgroup.get", [simple(path), simple(file)]), tried, shown) |
		some path in paths
		some file in ["pids.max", "memory.max", "cgroup.controllers"]
		tried := casefile.try("cgroup.get", [path, file])
		shown := [record(it, "text evidence", {}) | it := tried.value]
	]
	members := array.concat(
		[{"kind": "process", "value": pid} | some pid in array.slice(some_pids, 0, 2)],
		[{"kind": "group", "value": path} | some path in array.slice(paths, 0, 3)],
	)
	resources := joined([of_resource(member, what) |
		some member in members
		some what in ["memory", "memory-high", "swap", "pids", "cpu"]
	])
}

of_resource(member, what) := [
	asked(call("cgroup.limits", given), limits, [levels(it) | it := limits.value]),
	asked(call("cgroup.events", given), happened, [events(it) | it := happened.value]),
] if {
	given := [variant(member), what]
	limits := casefile.try("cgroup.limits", [member, what])
	happened := casefile.try("cgroup.events", [member, what])
}

# METADATA
# title: Asks elf, « elf »
# custom: {code: elf, severity: critical, exit_class: elf}
finding_elf := joined([
	pages_of_programs.findings,
	joined([of_file(path) |
		some path in array.concat(first_programs, ["/etc/os-release", "/no/such", "relative", ""])
	]),
	first_starts.findings,
	[asked(call("elf.resolve-start", [simple(index)]), tried, shown) |
		some index in some_starts
		tried := casefile.try("elf.resolve_start", [index])
		shown := [resolution(it) | it := tried.value]
	],
	[asked("elf.get-cache()", cache, [cached(it) | it := cache.value])],
	paged("elf.stale-entries", [], [], 3).findings,
]) if {
	cache := casefile.try("elf.get_cache", [])
}

of_file(path) := array.concat(
	[asked(call("elf.get-file", name), file, [elf_file(it) | it := file.value])],
	array.concat(
		[asked(call("elf.resolve", array.concat(name, [given])), tried, shown) |
			some [launch, given] in launches
			tried := casefile.try("elf.resolve", [path, launch])
			shown := [resolution(it) | it := tried.value]
		],
		[
			asked(call("elf.version-needs", name), needs, [version_needs(it) | it := needs.value]),
			asked(call("elf.version-definitions", name), defines, [list_of(it) | it := defines.value]),
			asked(call("elf.sections", name), parts, [sections(it) | it := parts.value]),
			asked(call("elf.dlopen-notes", name), notes, [dlopen_notes(it) | it := notes.value]),
		],
	),
) if {
	name := [simple(path)]
	file := casefile.try("elf.get_file", [path])
	needs := casefile.try("elf.version_needs", [path])
	defines := casefile.try("elf.version_definitions", [path])
	parts := casefile.try("elf.sections", [path])
	notes := casefile.try("elf.dlopen_notes", [path])
}

# As the contract takes them, and as they are written.
launches := [[null, "none"], [full, case("some", launched(full))]] if {
	full := {
		"library_path": "/opt/lib::/usr/lib/größe",
		"preload": "/no/such/größe.so libm.so.6",
		"secure": false,
		"working_directory": "/opt",
	}
}

# METADATA
# title: Asks start, « start »
# custom: {code: start, severity: info, exit_class: elf}
finding_start := joined([
	[answer("start.get-scope()", casefile.start.get_scope())],
	paged("start.starts", [], [], 4).findings,
	paged("start.hidden-processes", [], [], 4).findings,
])

# METADATA
# title: Asks go-binary, « go-binary »
# custom: {code: go-binary, severity: low, exit_class: go-runtime}
finding_go_binary := array.concat(
	pages_of_programs.findings,
	joined([of_go(path) | some path in array.concat(first_programs, ["/no/such"])]),
)

of_go(path) := joined([
	[asked(call("go-binary.get", name), program, [go_program(it) | it := program.value])],
	paged("go-binary.dependencies", [path], name, 3).findings,
	joined([paged("go-binary.functions", [path, filter], given, 3).findings |
		some filter in [
			{"name": null, "package": null, "in_main_module": false},
			{"name": "main.main", "package": null, "in_main_module": false},
			{"name": null, "package": "net/http", "in_main_module": false},
			{"name": null, "package": null, "in_main_module": true},
		]
		given := array.concat(name, [function_filter(filter)])
	]),
	joined([paged("go-binary.calls", [path, filter], given, 3).findings |
		some filter in [
			{"caller_package": null, "callee": null, "from_main_module": false},
			{"caller_package": null, "callee": "net/http.(*Client).Do", "from_main_module": false},
			{"caller_package": "main", "callee": "os.Exit", "from_main_module": true},
		]
		given := array.concat(name, [call_filter(filter)])
	]),
]) if {
	name := [simple(path)]
	program := casefile.try("go_binary.get", [path])
}

# METADATA
# title: Asks package-db, « package-db »
# custom: {code: package-db, severity: medium, exit_class: network}
finding_package_db := joined([
	[asked("package-db.databases()", tried, [databases(it) | it := tried.value])],
	[asked(call("package-db.find", [simple(name)]), found, shown) |
		some name in ["libc6", "glibc", "musl", "no-such"]
		found := casefile.try("package_db.find", [name])
		shown := [list([installed(one) | some one in it]) | it := found.value]
	],
	paged("package-db.packages", [], [], 3).findings,
	[asked(call("package-db.owner", [simple(path)]), found, shown) |
		some path in ["/bin/sh", "/usr/bin/curl", "/no/such"]
		found := casefile.try("package_db.owner", [path])
		shown := [installed(it) | it := found.value]
	],
	[answer(call("package-db.compare", array.concat([manager], simples(pair))), order) |
		some manager in ["dpkg", "rpm", "apk"]
		some pair in [
			["1.0", "1.0"], ["1.0~rc1", "1.0"], ["1:1", "2"], ["1.10-r1", "1.9-r2"], ["größe", ""],
		]
		order := casefile.package_db.compare(manager, pair[0], pair[1])
	],
]) if {
	tried := casefile.try("package_db.databases", [])
}

# METADATA
# title: Asks tools, « tools »
# custom: {code: tools, severity: high, exit_class: network}
finding_tools := array.concat(
	[answer("tools.names()", list_of(names))],
	[asked(call("tools.get", [simple(name)]), tried, [tool(it) | it := tried.value]) |
		some name in array.concat(names, ["no-such"])
		tried := casefile.try("tools.get", [name])
	],
) if {
	names := casefile.tools.names()
}

# METADATA
# title: Asks kernel-log, « kernel-log »
# custom: {code: kernel-log, severity: critical, exit_class: limits}
finding_kernel_log := joined([
	[asked("kernel-log.get-coverage()", tried, [coverage(it) | it := tried.value])],
	joined([paged("kernel-log.lines", [text], [simple(text)], 3).findings |
		some text in ["", "oom", "größe"]
	]),
	paged("kernel-log.memory-kills", [], [], 3).findings,
]) if {
	tried := casefile.try("kernel_log.get_coverage", [])
}

# METADATA
# title: Asks network, « network »
# custom: {code: network, severity: info, exit_class: network}
finding_network := joined([
	[asked(call("network.get-counter", [simple(name)]), tried, [counter(it) | it := tried.value]) |
		some name in ["TcpExtListenOverflows", "TcpAttemptFails", "NoSuch"]
		tried := casefile.try("network.get_counter", [name])
	],
	[asked("network.get-sockets()", open, [sockets(it) | it := open.value])],
	[asked("network.get-most-waiting()", most, [counter(it) | it := most.value])],
	paged("network.listeners", [], [], 4).findings,
]) if {
	open := casefile.try("network.get_sockets", [])
	most := casefile.try("network.get_most_waiting", [])
}

# METADATA
# title: Asks trust, « trust »
# custom: {code: trust, severity: info, exit_class: certificates}
finding_trust := joined([
	[asked("trust.get-stores()", tried, [stores(it) | it := tried.value])],
	joined([pages.findings | some pages in pages_of_stores]),
	[asked("trust.get-layout()", layout, [trust_layout(it) | it := layout.value])],
	joined([of_pool(request) | some request in pool_requests]),
	joined([of_fingerprint(one) | some one in array.concat(array.slice(found, 0, 3), ["00"])]),
	[answer("trust.get-known-roots()", known_roots(casefile.trust.get_known_roots()))],
	paged("trust.missing-known-roots", [], [], 3).findings,
	paged("trust.drifts", [], [], 5).findings,
]) if {
	tried := casefile.try("trust.get_stores", [])
	paths := [known.path | some known in tried.value.known]
	pages_of_stores := [paged("trust.certificates", [path], [simple(path)], 7) |
		some path in array.concat(paths, ["/no/such"])
	]
	found := [one.fingerprint |
		some pages in pages_of_stores
		some one in array.slice(pages.items, 0, 2)
	]
	layout := casefile.try("trust.get_layout", [])
}

of_pool(request) := array.concat(
	[asked(call("trust.get-pool", given), tried, [pool(it) | it := tried.value])],
	paged("trust.pool-certificates", [request], given, 3).findings,
) if {
	given := [pool_request(request)]
	tried := casefile.try("trust.get_pool", [request])
}

of_fingerprint(fingerprint) := [
	asked(call("trust.get-details", given), tried, [details(it) | it := tried.value]),
	asked(call("trust.find-known-root", given), root, [known_root(it) | it := root.value]),
] if {
	given := [simple(fingerprint)]
	tried := casefile.try("trust.get_details", [fingerprint])
	root := casefile.try("trust.find_known_root", [fingerprint])
}

# Pools as they are without environment, and with it.
pool_requests := [object.union(unset, request) |
	unset := {"version": null, "certificate_file": null, "certificate_directory": null}
	bundle := "/etc/ssl/certs/ca-certificates.crt"
	some request in [
		{"library": "go"},
		{"library": "openssl"},
		{"library": "gnutls"},
		{"library": "go", "version": "go1.22", "certificate_file": bundle},
		{
			"library": "openssl", "certificate_file": bundle,
			"certificate_directory": "/no/such:/etc/größe",
		},
	]
]

# METADATA
# title: Asks audit, « audit »
# custom: {code: audit, severity: low, exit_class: access-control}
finding_audit := joined([pages.findings |
	some filter in [
		{"record_types": [], "since": null},
		{"record_types": ["AVC", "größe"], "since": 0},
		{"record_types": [], "since": -9223372036854775808},
		{"record_types": [], "since": 9223372036854775807},
	]
	start := {"filter": filter, "cursor": 0, "findings": []}
	pages := turn_records(turn_records(turn_records(start)))
])

# METADATA
# title: Asks environment, « environment »
# custom: {code: environment, severity: medium, exit_class: go-runtime}
finding_environment := joined([
	pages_of_pids.findings,
	joined([of_environment(pid) | some pid in some_pids]),
	first_starts.findings,
	joined([of_start(index) | some index in some_starts]),
])

of_start(index) := array.concat(
	[asked(call("environment.names-of-start", shown_index), names, [list_of(it) | it := names.value])],
	[asked(call("environment.of-start", array.concat(shown_index, [simple(name)])), tried, shown) |
		some name in ["PATH", "NO_SUCH"]
		tried := casefile.try("environment.of_start", [index, name])
		shown := [variable(it) | it := tried.value]
	],
) if {
	shown_index := [simple(index)]
	names := casefile.try("environment.names_of_start", [index])
}

of_environment(pid) := array.concat(
	[asked(call("environment.names", [simple(pid)]), names, [list_of(it) | it := names.value])],
	[asked(call("environment.get", [simple(pid), simple(name)]), tried, shown) |
		some name in ["PATH", "GOMEMLIMIT", "SECRET_TOKEN", "GRÖSSE", ""]
		tried := casefile.try("environment.get", [pid, name])
		shown := [variable(it) | it := tried.value]
	],
) if {
	names := casefile.try("environment.names", [pid])
}

# METADATA
# title: Asks files, « files »
# custom: {code: files, severity: high, exit_class: unit}
finding_files := array.concat(
	joined([of_path(path) |
		some path in [
			"/", "/etc", "/etc/os-release", "/etc/long", "/etc/größe/日本", "/etc/empty",
			"/etc/binary", "/proc/1/status", "/etc/shadow", "/no/such", "relative", "",
		]
	]),
	[asked(call("files.get-space", [simple(path)]), tried, [space(it) | it := tried.value]) |
		some path in ["/", "/no/such"]
		tried := casefile.try("files.get_space", [path])
	],
)

of_path(path) := array.concat(
	[
		asked(call("files.get-stat", shown_path), found, [stat(it) | it := found.value]),
		asked(call("files.read-text", shown_path), read, [file_text(it) | it := read.value]),
		asked(call("files.read-directory", shown_path), names, [listing(it) | it := names.value]),
	],
	[asked(call("files.get-attribute", array.concat(shown_path, [simple(name)])), tried, shown) |
		some name in ["security.selinux", "security.capability"]
		tried := casefile.try("files.get_attribute", [path, name])
		shown := [attribute(it) | it := tried.value]
	],
) if {
	shown_path := [simple(path)]
	found := casefile.try("files.get_stat", [path])
	read := casefile.try("files.read_text", [path])
	names := casefile.try("files.read_directory", [path])
}

# METADATA
# title: Asks parameters, « parameters »
# custom: {code: parameters, severity: critical, exit_class: network}
finding_parameters := [asked(call("parameters.get", [simple(name)]), tried, shown) |
	some name in ["boolean", "least", "greatest", "text", "empty", "texts", "none", "no-such"]
	tried := casefile.try("parameters.get", [name])
	shown := [parameter(it) | it := tried.value]
]

# METADATA
# title: Asks data, « data »
# custom: {code: data, severity: info, exit_class: network}
finding_data := array.concat(
	[answer("data.names()", list_of(casefile.data.names()))],
	joined([of_data(name) | some name in ["table.txt", "table.bin", "empty", "no-such"]]),
)

of_data(name) := [
	asked(call("data.read", [simple(name)]), bytes, [list_of(it) | it := bytes.value]),
	asked(call("data.read-text", [simple(name)]), read, [simple(it) | it := read.value]),
] if {
	bytes := casefile.try("data.read", [name])
	read := casefile.try("data.read_text", [name])
}

# The seed is another one for each policy: it is asked twice.
#
# METADATA
# title: Asks runtime, « runtime »
# custom: {code: runtime, severity: low, exit_class: network}
finding_runtime := [
	answer("runtime.now()", simple(casefile.runtime.now())),
	answer("runtime.seed() is the same again", same(first, second)),
] if {
	first := casefile.runtime.seed()
	second := casefile.runtime.seed()
}

# A script has one: here it is asked twice, as where there is none.
#
# METADATA
# title: Asks script, « script »
# custom: {code: script, severity: low, exit_class: network}
finding_script := [answer("script.get() is the same again", same(first, second))] if {
	first := option_source(casefile.script.get())
	second := option_source(casefile.script.get())
}

# METADATA
# title: Asks log, « log »
# custom: {code: log, severity: low, exit_class: network}
finding_log := [answer(call("log.write", [level]), "true") |
	some level in ["debug", "info", "warn"]
	every message in ["", "größe « 日本 »\n\u0000", repeated("é", 1000)] {
		casefile.log.write(level, message) == null
	}
]

# --- The rules that say: findings with everything that a finding may hold.

# METADATA
# title: Asks values, « values »
# custom: {code: values, severity: medium, exit_class: network}
finding_values := joined([
	[says(word, ["outcome", word], {}) | some word in ["pass", "fail", "unknown", "not-applicable"]],
	[says("fail", ["severity", severity], {"severity": severity}) |
		some severity in ["info", "low", "medium", "high", "critical"]
	],
	[says("pass", ["confidence", confidence], {"confidence": confidence}) |
		some confidence in ["proven", "inferred", "heuristic"]
	],
	[says("pass", ["text", word], said) |
		some [word, content] in [
			["empty", ""],
			["control", "\"quoted\" \\ back\n\ttab\r\u007f\u0000\u001b"],
			["scripts", "日本語 עברית e\u0301 \ud83d\ude00 \udbff\udfff \ufffd"],
			["long", repeated("größer ", 20000)],
			["least", simple(-9223372036854775808)],
			["greatest", simple(9223372036854775807)],
			["greatest unsigned", simple(18446744073709551615)],
		]
		said := {"message": content, "actual": content, "wanted": content, "remedy": content}
	],
	[says("unknown", ["missing"], {"missing": array.concat(
		[{"path": "/absent", "state": "absent", "detail": ""}],
		[{"path": "/größe", "state": {"kind": "unknown", "value": reason}, "detail": "détail"} |
			some reason in [
				"denied", "timed-out", "too-large", "redacted", "not-collected", "unreadable",
				"vanished", "not-regular", "malformed", "needs-running-kernel",
			]
		],
	)})],
	# Read twice, cited in another order and more than once.
	[says("pass", ["evidence"], {"evidence": array.concat(array.reverse(cited), cited)})],
	[says("pass", [], {})],
]) if {
	cited := [tried.value.evidence |
		some tried in [casefile.try("sysctl.get", ["kernel.ostype"]), casefile.try("host.os", [])]
	]
}

# A script can't end a rule with an absence that the host did not give: this
# is the finding that Casefile makes of one.
#
# METADATA
# title: Asks error, « error »
# custom: {code: error, severity: medium, exit_class: network}
finding_error := [{
	"outcome": "unknown",
	"subject": "/größe/日本",
	"message": "can't be judged without /größe/日本 (timed-out)",
	"missing": [{
		"path": "/größe/日本",
		"state": {"kind": "unknown", "value": "timed-out"},
		"detail": "says « nothing »",
	}],
}]

says(outcome, words, more) := object.union(more, {
	"outcome": outcome,
	"subject": concat(" ", words),
	"message": object.get(more, "message", "says"),
})

# --- Calls, and the pages that they turn.

call(function, arguments) := sprintf("%s(%s)", [function, concat(", ", arguments)])

answer(subject, actual) := {
	"outcome": "pass", "subject": subject, "message": "answers", "actual": actual,
}

# What `casefile.try` gave; `shown` holds the value as text, where there is one.
asked(subject, tried, shown) := answer(subject, case("ok", shown[0])) if tried.value != null
asked(subject, tried, _) := answer(subject, case("err", absence(tried.absence)))

first_pids := array.slice(pages_of_pids.items, 0, 12)
# The last is of no process.
some_pids := array.concat(first_pids, [4294967295])

first_programs := [program.path | some program in array.slice(pages_of_programs.items, 0, 6)]

first_starts := {"findings": [asked("start.starts(0, 6)", tried, shown)], "indices": indices} if {
	tried := casefile.try("start.starts", [0, 6])
	shown := [list([start(one) | some one in it]) | it := tried.value]
	indices := [one.index | some one in tried.value]
}
# The last is of no start.
some_starts := array.concat(first_starts.indices, [4294967295])

# Rego has no loops: a page is turned as often as twelve processes or six
# programs need it, where all pages but the last are full.
pages_of_pids := turn_pids(turn_pids(turn_pids(turn_pids(no_page))))
pages_of_programs := turn_programs(turn_programs(turn_programs(no_page)))
no_page := {"items": [], "findings": [], "ended": false}

turn_pids(pages) := pages if has_enough(pages, 12)
else := turned(pages, tried, asked(subject, tried, shown)) if {
	after := array.concat([0], pages.items)[count(pages.items)]
	subject := call("process.pids", [simple(after), "5"])
	tried := casefile.try("process.pids", [after, 5])
	shown := [list_of(it) | it := tried.value]
}

turn_programs(pages) := pages if has_enough(pages, 6)
else := turned(pages, tried, asked(subject, tried, shown)) if {
	offset := count(pages.findings) * 4
	subject := call("elf.programs", [simple(offset), "4"])
	tried := casefile.try("elf.programs", [offset, 4])
	shown := [programs(it) | it := tried.value]
}

has_enough(pages, _) if pages.ended
has_enough(pages, most) if count(pages.items) >= most

# The first three pages of a list, which takes an offset and a limit behind its
# other arguments; `shown` are those as they are written.
paged(function, given, shown, limit) := turn(turn(turn(no_page, all), all), all) if {
	all := {"function": function, "given": given, "shown": shown, "limit": limit}
}

turn(pages, all) := pages if pages.ended
else := turned(pages, tried, asked(subject, tried, shown)) if {
	place := [count(pages.items), all.limit]
	subject := call(all.function, array.concat(all.shown, simples(place)))
	tried := page(all.function, array.concat(all.given, place))
	shown := [shown_page(all.function, it) | it := tried.value]
}

page("elf.stale-entries", all) := casefile.try("elf.stale_entries", all)
page("start.starts", all) := casefile.try("start.starts", all)
page("start.hidden-processes", all) := casefile.try("start.hidden_processes", all)
page("go-binary.dependencies", all) := casefile.try("go_binary.dependencies", all)
page("go-binary.functions", all) := casefile.try("go_binary.functions", all)
page("go-binary.calls", all) := casefile.try("go_binary.calls", all)
page("package-db.packages", all) := casefile.try("package_db.packages", all)
page("kernel-log.lines", all) := casefile.try("kernel_log.lines", all)
page("kernel-log.memory-kills", all) := casefile.try("kernel_log.memory_kills", all)
page("network.listeners", all) := casefile.try("network.listeners", all)
page("trust.certificates", all) := casefile.try("trust.certificates", all)
page("trust.pool-certificates", all) := casefile.try("trust.pool_certificates", all)
page("trust.missing-known-roots", all) := casefile.try("trust.missing_known_roots", all)
page("trust.drifts", all) := casefile.try("trust.drifts", all)

shown_page("elf.stale-entries", values) := list([stale_entry(one) | some one in values])
shown_page("start.starts", values) := list([start(one) | some one in values])
shown_page("start.hidden-processes", values) := list([hidden(one) | some one in values])
shown_page("go-binary.dependencies", values) := list([go_module(one) | some one in values])
shown_page("go-binary.functions", values) := table(values, "name package in-main-module")
shown_page("go-binary.calls", values) := list([go_call(one) | some one in values])
shown_page("package-db.packages", values) := list([installed(one) | some one in values])
shown_page("kernel-log.lines", values) := list([line(one) | some one in values])
shown_page("kernel-log.memory-kills", values) := list([memory_kill(one) | some one in values])
shown_page("network.listeners", values) := list([listener(one) | some one in values])
shown_page("trust.certificates", values) := list([certificate(one) | some one in values])
shown_page("trust.pool-certificates", values) := list([pool_certificate(one) | some one in values])
shown_page("trust.missing-known-roots", values) := list([known_root(one) | some one in values])
shown_page("trust.drifts", values) := list([drift(one) | some one in values])

turned(pages, tried, said) := {
	"items": array.concat(pages.items, page),
	"findings": array.concat(pages.findings, [said]),
	"ended": count(page) == 0,
} if {
	page := object.get(tried, "value", [])
}

# Without a next page the cursor is null.
turn_records(pages) := pages if pages.cursor == null
else := object.union(pages, {
	"cursor": object.get(tried, ["value", "next"], null),
	"findings": array.concat(pages.findings, [asked(subject, tried, shown)]),
}) if {
	subject := call("audit.records", [filtered(pages.filter), simple(pages.cursor), "4"])
	tried := casefile.try("audit.records", [pages.filter, pages.cursor, 4])
	shown := [page_of_records(it) | it := tried.value]
}

same(first, second) := "true" if first == second
same(first, second) := "false" if first != second

each_once(values) := [value |
	some place, value in values
	not value in array.slice(values, 0, place)
]

repeated(word, times) := concat("", [word | some _ in numbers.range(1, times)])
joined(lists) := [item | some one in lists; some item in one]

# --- Values of the contract as text.

# Texts, numbers, true and false. It is one expression for many values: each
# call of a function costs more than what is done here.
simples(values) := [concat(marks[type_name(value)], ["", shown, ""]) |
	some value in values
	shown := strings.replace_n(found, replace(sprintf("%v", [value]), "\\", "\\\\"))
] if {
	found := escapes_in(json.marshal(values))
}

# JSON has a backslash wherever there is something to escape, but for U+007F.
escapes_in(written) := {} if {
	not contains(written, "\\")
	not contains(written, "\u007f")
} else := escapes

marks := {"string": "\"", "number": "", "boolean": "", "null": ""}

escapes := object.union({"\"": "\\\""}, {letter: escape |
	some code in array.concat(numbers.range(0, 31), [127])
	letter := sprintf("%c", [code])
	escape := sprintf("\\u{%x}", [code])
})

simple(value) := simples([value])[0]
list(shown) := sprintf("[%s]", [concat(", ", shown)])
list_of(values) := list(simples(values))
tuple(values) := sprintf("(%s)", [concat(", ", simples(values))])
case(name, shown) := sprintf("%s(%s)", [name, shown])

option(null) := "none"
option(value) := case("some", simple(value)) if value != null

# The name of a case; or an object, whose value is a tuple where it is a list.
variant(value) := value if is_string(value)
variant(value) := case(value.kind, tuple(value.value)) if is_array(value.value)
variant(value) := case(value.kind, simple(value.value)) if not is_array(value.value)

# The fields of a record by their names. Those that are not simple stand in
# `given`, as text.
record(value, names, given) := sprintf("{%s}", [concat(", ", fields)]) if {
	own := [name | some name in split(names, " "); not given[name]]
	shown := simples([value[replace(name, "-", "_")] | some name in own])
	all := object.union(given, {name: shown[place] | some place, name in own})
	fields := [concat(": ", [name, all[name]]) | some name in split(names, " ")]
}

# Texts of those fields of a record that are options, by their names.
options(value, names) := {name: shown |
	some place, name in own
	shown := ["none", case("some", texts[place])][object.get({"null": 0}, type_name(values[place]), 1)]
} if {
	own := split(names, " ")
	values := [value[replace(name, "-", "_")] | some name in own]
	texts := simples(values)
}

# Records of simple fields.
table(values, names) := list([sprintf("{%s}", [concat(", ", fields)]) |
	some row, _ in values
	fields := [concat(": ", [name, shown[(row * width) + place]]) | some place, name in columns]
]) if {
	columns := split(names, " ")
	width := count(columns)
	shown := simples([value[replace(name, "-", "_")] | some value in values; some name in columns])
}

absences(values) := list([absence(one) | some one in values])
absence(value) := record(value, "path state detail", {"state": state(value.state)})
state(value) := value if is_string(value)
state(value) := case(value.kind, value.value) if is_object(value)

parameter(value) := case("boolean", simple(value)) if is_boolean(value)
parameter(value) := case("integer", simple(value)) if is_number(value)
parameter(value) := case("text", simple(value)) if is_string(value)
parameter(value) := case("texts", list_of(value)) if is_array(value)

named_texts(values) := table(values, "name value")

os_release(value) := record(value, "id version-id id-like pretty-name assignments evidence", {
	"id-like": list_of(value.id_like),
	"assignments": named_texts(value.assignments),
})

kernel_release(value) := record(value, "release version evidence", {})
memory_total(value) := record(value, "total available evidence", {})
processors(value) := record(value, "count features evidence", {"features": list_of(value.features)})

mounts(value) := record(value, "entries evidence", {"entries": list([mount |
	some entry in value.entries
	mount := record(entry, "point file-system source options", {"options": list_of(entry.options)})
])})

figure(value) := record(value, "value evidence", {})
pressure(value) := record(value, "some-10 some-300 full-10 full-300 evidence", {})

status(value) := record(value, concat(" ", [
	"name parent uids gids threads effective-capabilities bounding-capabilities",
	"no-new-privileges kernel-thread evidence",
]), {
	"uids": tuple(value.uids), "gids": tuple(value.gids),
})

limit(value) := record(value, "soft hard evidence", options(value, "soft hard"))
descriptors(value) := record(value, "open kinds evidence", {"kinds": table(value.kinds, "kind count")})
executable(value) := record(value, "path deleted evidence", {})
process_memory(value) := record(value, "virtual resident peak-resident swapped evidence", {})
mappings(value) := record(value, "count evidence", {})
watches(value) := record(value, "count evidence", {})
started(value) := record(value, "since-boot evidence", {})

memberships(value) := record(value, "entries evidence", {"entries": list([membership |
	some entry in value.entries
	membership := record(entry, "hierarchy controllers path", {
		"controllers": list_of(entry.controllers),
	})
])})

levels(value) := record(value, "entries unknown", {
	"entries": list([resource_level(one) | some one in value.entries]),
	"unknown": absences(value.unknown),
})

resource_level(value) := record(value, "group version limit used evidence", options(value, "limit used"))
events(values) := table(values, "group name count evidence")

programs(values) := list([program |
	some value in values
	program := record(value, "path origins", {"origins": list_of(value.origins)})
])

elf_file(value) := record(value, concat(" ", [
	"kind bits machine object-type interpreter dynamic needed soname rpath runpath",
	"build-id executable-stack evidence",
]), object.union(options(value, "interpreter soname rpath runpath build-id"), {
	"kind": variant(value.kind), "needed": list_of(value.needed),
}))

launched(value) := record(value, launch_fields, options(value, launch_fields))
launch_fields := "library-path preload secure working-directory"

resolution(value) := record(value, concat(" ", [
	"loader loader-version interpreter secure objects missing versions stops warnings",
	"fragile insecure unknown unknown-levels unknown-risks evidence",
]), object.union(options(value, "loader-version interpreter stops"), {
	"loader": value.loader, "warnings": list_of(value.warnings),
	"objects": list([loaded(one) | some one in value.objects]),
	"missing": list([unresolved(one) | some one in value.missing]),
	"versions": table(value.versions, "version library library-path needed-by weak"),
	"fragile": list([fragile(one) | some one in value.fragile]),
	"insecure": list([insecure(one) | some one in value.insecure]),
	"unknown": absences(value.unknown), "unknown-levels": absences(value.unknown_levels),
	"unknown-risks": absences(value.unknown_risks), "evidence": list_of(value.evidence),
}))

loaded(value) := record(
	value, "name path needed-by found-by element subdirectory evidence",
	object.union(options(value, "element subdirectory"), {"found-by": value.found_by}),
)

unresolved(value) := record(value, "name needed-by problem", {"problem": variant(value.problem)})
fragile(value) := record(value, "name needed-by path why", {"why": value.why})

insecure(value) := record(value, "element list object risk", {
	"list": value.list, "risk": value.risk,
})

version_needs(values) := table(values, "library version weak")
sections(values) := table(values, "name kind flags address size")
dlopen_notes(values) := list([dlopen_note(one) | some one in values])

dlopen_note(value) := record(value, "feature description priority sonames", {
	"sonames": list_of(value.sonames),
})

cached(value) := record(value, "entries generator hwcaps evidence", {"hwcaps": list_of(value.hwcaps)})
stale_entry(value) := record(value, "name path how", {"how": value.how})

start(value) := record(
	value, "index program origin uid cgroup working-directory",
	object.union(options(value, "uid cgroup working-directory"), {"origin": variant(value.origin)}),
)

hidden(value) := record(value, "pid absence", {"absence": absence(value.absence)})

go_module(value) := record(value, "path version sum replaced-by", {
	"replaced-by": option_tuple(value.replaced_by),
})

go_program(value) := record(
	value, "version path main settings link linker stripped function-count evidence",
	object.union(options(value, "linker function-count"), {
		"main": option_module(value.main), "link": value.link,
		"settings": table(value.settings, "key value"),
	}),
)

go_call(value) := record(value, "caller callee proof from-main-module", {"proof": value.proof})

function_filter(value) := record(
	value, "name package in-main-module", options(value, "name package"),
)

call_filter(value) := record(
	value, "caller-package callee from-main-module", options(value, "caller-package callee"),
)

databases(values) := list([database(one) | some one in values])
database(value) := record(value, "manager path packages evidence", {"manager": value.manager})

installed(value) := record(value, "name version architecture source manager evidence", {
	"manager": value.manager,
})

tool(value) := record(
	value, "name path version package tls unknown evidence",
	object.union(options(value, "version package"), {
		"tls": list([tls_library(one) | some one in value.tls]),
		"unknown": absences(value.unknown),
	}),
)

tls_library(value) := record(
	value, "name path version package evidence", options(value, "version package"),
)

coverage(value) := record(value, "since-boot lines hidden evidence", {})
line(value) := record(value, "since-boot text evidence", options(value, "since-boot"))

memory_kill(value) := record(
	value, "since-boot pid name uid limited-group group anonymous in-group evidence",
	options(value, "since-boot uid limited-group group anonymous"),
)

counter(value) := record(value, "value evidence", {})
sockets(value) := record(value, "states evidence", {"states": table(value.states, "state count")})

listener(value) := record(value, "protocol address port loopback pids evidence", {
	"pids": list_of(value.pids),
})

stores(value) := record(value, "known unknown", {
	"known": list([store(one) | some one in value.known]),
	"unknown": absences(value.unknown),
})

store(value) := record(value, "path kind real-path certificates unparsable evidence", {
	"kind": value.kind,
})

certificate(value) := record(value, concat(" ", [
	"path position fingerprint key-fingerprint subject issuer serial not-before not-after",
	"version authority key signature self-signed evidence",
]), {
	"authority": option(value.authority), "key": variant(value.key),
	"self-signed": value.self_signed,
})

trust_layout(value) := record(value, "kind openssl-directory gnutls-source evidence", {
	"kind": value.kind,
})

pool_request(value) := record(
	value, "library version certificate-file certificate-directory",
	object.union(
		options(value, "version certificate-file certificate-directory"),
		{"library": value.library},
	),
)

pool(value) := record(value, "count sources rejected unknown", {
	"sources": list([pool_source(one) | some one in value.sources]),
	"unknown": absences(value.unknown),
})

pool_source(value) := record(value, "path kind present added", {"kind": value.kind})

pool_certificate(value) := record(
	value, "fingerprint subject path position rejected evidence", options(value, "rejected"),
)

details(value) := record(value, concat(" ", [
	"key-usage extended-key-usage path-length alternative-names permitted excluded",
	"unknown-critical departures evidence",
]), object.union(options(value, "path-length"), {
	"key-usage": option_list(value.key_usage),
	"extended-key-usage": option_list(value.extended_key_usage),
	"alternative-names": list_of(value.alternative_names),
	"permitted": list_of(value.permitted), "excluded": list_of(value.excluded),
	"unknown-critical": list_of(value.unknown_critical),
	"departures": list_of(value.departures),
}))

known_roots(value) := record(value, "date count", {})

known_root(value) := record(
	value, "fingerprint subject distrust-after", options(value, "distrust-after"),
)

drift(value) := record(value, "kind path subject detail evidence", {"kind": value.kind})

filtered(value) := record(value, "record-types since", {
	"record-types": list_of(value.record_types), "since": option(value.since),
})

page_of_records(value) := record(value, "records next truncated", {
	"next": option(value.next),
	"records": list([event_record(one) | some one in value.records]),
})

event_record(value) := record(value, "record-type seconds milliseconds serial text fields evidence", {
	"fields": named_texts(value.fields),
})

variable(value) := record(value, "name value evidence", {"value": option(value.value)})
stat(value) := record(value, "real-path kind mode uid gid size modified evidence", {"kind": value.kind})
file_text(value) := record(value, "content skipped evidence", {})
listing(value) := record(value, "names evidence", {"names": list_of(value.names)})
attribute(value) := record(value, "value evidence", {"value": list_of(value.value)})

space(value) := record(
	value,
	"point source file-system total free available inodes free-inodes read-only evidence", {},
)

option_list(null) := "none"
option_list(value) := case("some", list_of(value)) if value != null

option_tuple(null) := "none"
option_tuple(value) := case("some", tuple(value)) if value != null

option_module(null) := "none"
option_module(value) := case("some", go_module(value)) if value != null

option_source(null) := "none"
option_source(value) := case("some", record(value, "name text", {})) if value != null
