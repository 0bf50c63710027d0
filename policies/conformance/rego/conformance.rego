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
] if {
	architecture := casefile.try("host.architecture", [])
	os := casefile.try("host.os", [])
	kernel := casefile.try("host.running_kernel", [])
	memory := casefile.try("host.memory_total", [])
	cpu := casefile.try("host.cpu", [])
	mounted := casefile.try("host.mounted", [])
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
	[asked(call("process.get-executable", name), run, [executable(it) | it := run.value])],
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
}

# METADATA
# title: Asks cgroup, « cgroup »
# custom: {code: cgroup, severity: high, exit_class: limits}
finding_cgroup := joined([pages_of_pids.findings, of_processes, controls]) if {
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
	controls := [asked(call("cgroup.get", [simple(path), simple(file)]), tried, shown) |
		some path in each_once(array.concat(["/", "/no/such"], found))
		some file in ["pids.max", "memory.max", "cgroup.controllers"]
		tried := casefile.try("cgroup.get", [path, file])
		shown := [record(it, "text evidence", {}) | it := tried.value]
	]
}

# METADATA
# title: Asks elf, « elf »
# custom: {code: elf, severity: critical, exit_class: elf}
finding_elf := array.concat(pages_of_programs.findings, joined([of_file(path) |
	first := [program.path | some program in array.slice(pages_of_programs.items, 0, 12)]
	some path in array.concat(first, ["/etc/os-release", "/no/such", "relative", ""])
]))

of_file(path) := array.concat(
	[asked(call("elf.get-file", [simple(path)]), file, [elf_file(it) | it := file.value])],
	[asked(call("elf.resolve", [simple(path), option(library_path)]), tried, shown) |
		some library_path in [null, "/opt/lib::/usr/lib/größe"]
		tried := casefile.try("elf.resolve", [path, library_path])
		shown := [resolution(it) | it := tried.value]
	],
) if {
	file := casefile.try("elf.get_file", [path])
}

# METADATA
# title: Asks trust, « trust »
# custom: {code: trust, severity: info, exit_class: certificates}
finding_trust := array.concat(
	[asked("trust.get-stores()", tried, [stores(it) | it := tried.value])],
	joined([pages.findings |
		some path in array.concat(found, ["/no/such"])
		first := turn_certificates(path, no_page)
		pages := turn_certificates(path, turn_certificates(path, first))
	]),
) if {
	tried := casefile.try("trust.get_stores", [])
	found := [known.path | some known in tried.value.known]
}

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
finding_environment := array.concat(
	pages_of_pids.findings,
	joined([of_environment(pid) | some pid in some_pids]),
)

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
finding_files := joined([of_path(path) |
	some path in [
		"/", "/etc", "/etc/os-release", "/etc/long", "/etc/größe/日本", "/etc/empty",
		"/etc/binary", "/proc/1/status", "/etc/shadow", "/no/such", "relative", "",
	]
])

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

# Rego has no loops: a page is turned as often as twelve items need it, where
# all pages but the last are full.
pages_of_pids := turn_pids(turn_pids(turn_pids(turn_pids(no_page))))
pages_of_programs := turn_programs(turn_programs(turn_programs(turn_programs(no_page))))
no_page := {"items": [], "findings": [], "ended": false}

turn_pids(pages) := pages if has_enough(pages)
else := turned(pages, tried, asked(subject, tried, shown)) if {
	after := array.concat([0], pages.items)[count(pages.items)]
	subject := call("process.pids", [simple(after), "5"])
	tried := casefile.try("process.pids", [after, 5])
	shown := [list_of(it) | it := tried.value]
}

turn_programs(pages) := pages if has_enough(pages)
else := turned(pages, tried, asked(subject, tried, shown)) if {
	offset := count(pages.findings) * 4
	subject := call("elf.programs", [simple(offset), "4"])
	tried := casefile.try("elf.programs", [offset, 4])
	shown := [programs(it) | it := tried.value]
}

has_enough(pages) if pages.ended
has_enough(pages) if count(pages.items) >= 12

turn_certificates(path, pages) := pages if pages.ended
else := turned(pages, tried, asked(subject, tried, shown)) if {
	offset := count(pages.items)
	subject := call("trust.certificates", [simple(path), simple(offset), "7"])
	tried := casefile.try("trust.certificates", [path, offset, 7])
	shown := [certificates(it) | it := tried.value]
}

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

marks := {"string": "\"", "number": "", "boolean": ""}

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

absence(value) := record(value, "path state detail", {"state": state(value.state)})
state(value) := value if is_string(value)
state(value) := case(value.kind, value.value) if is_object(value)

parameter(value) := case("boolean", simple(value)) if is_boolean(value)
parameter(value) := case("integer", simple(value)) if is_number(value)
parameter(value) := case("text", simple(value)) if is_string(value)
parameter(value) := case("texts", list_of(value)) if is_array(value)

named_texts(values) := list([record(value, "name value", {}) | some value in values])

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

status(value) := record(value, concat(" ", [
	"name parent uids gids threads effective-capabilities bounding-capabilities",
	"no-new-privileges kernel-thread evidence",
]), {
	"uids": tuple(value.uids), "gids": tuple(value.gids),
})

limit(value) := record(value, "soft hard evidence", {
	"soft": option(value.soft), "hard": option(value.hard),
})

descriptors(value) := record(value, "open kinds evidence", {
	"kinds": list([record(kind, "kind count", {}) | some kind in value.kinds]),
})

executable(value) := record(value, "path deleted evidence", {})

memberships(value) := record(value, "entries evidence", {"entries": list([membership |
	some entry in value.entries
	membership := record(entry, "hierarchy controllers path", {
		"controllers": list_of(entry.controllers),
	})
])})

programs(values) := list([program |
	some value in values
	program := record(value, "path origins", {"origins": list_of(value.origins)})
])

elf_file(value) := record(value, concat(" ", [
	"kind bits machine object-type interpreter dynamic needed soname rpath runpath",
	"build-id executable-stack evidence",
]), {
	"kind": variant(value.kind), "needed": list_of(value.needed),
	"interpreter": option(value.interpreter),
	"soname": option(value.soname), "build-id": option(value.build_id),
	"rpath": option(value.rpath), "runpath": option(value.runpath),
})

resolution(value) := record(value, "loader interpreter objects missing versions unknown evidence", {
	"loader": value.loader, "interpreter": option(value.interpreter),
	"evidence": list_of(value.evidence),
	"objects": list([loaded(one) | some one in value.objects]),
	"missing": list([unresolved(one) | some one in value.missing]),
	"versions": list([version_missing(one) | some one in value.versions]),
	"unknown": list([absence(one) | some one in value.unknown]),
})

loaded(value) := record(value, "name path needed-by found-by evidence", {"found-by": value.found_by})
unresolved(value) := record(value, "name needed-by problem", {"problem": variant(value.problem)})
version_missing(value) := record(value, "version library library-path needed-by weak", {})

stores(value) := record(value, "known unknown", {
	"known": list([store(one) | some one in value.known]),
	"unknown": list([absence(one) | some one in value.unknown]),
})

store(value) := record(value, "path kind real-path certificates unparsable evidence", {
	"kind": value.kind,
})

certificates(values) := list([certificate(value) | some value in values])

certificate(value) := record(value, concat(" ", [
	"path position fingerprint key-fingerprint subject issuer serial not-before not-after",
	"version authority key signature self-signed evidence",
]), {
	"authority": option(value.authority), "key": variant(value.key),
	"self-signed": value.self_signed,
})

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

option_source(null) := "none"
option_source(value) := case("some", record(value, "name text", {})) if value != null
