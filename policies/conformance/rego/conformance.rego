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
	asked("host.architecture()", architecture, [text(value) | value := architecture.value]),
	asked("host.os()", os, [os_release(value) | value := os.value]),
	asked("host.running-kernel()", kernel, [kernel_release(value) | value := kernel.value]),
	asked("host.memory-total()", memory, [memory_total(value) | value := memory.value]),
	asked("host.cpu()", cpu, [processors(value) | value := cpu.value]),
	asked("host.mounted()", mounted, [mounts(value) | value := mounted.value]),
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
	texts_of_settings := [asked(call("sysctl.get", [text(name)]), tried, shown) |
		some name in [
			"kernel.ostype",
			"kernel.hostname",
			"net.ipv4.ip_local_port_range",
			"net/ipv4/conf/eth0.1/rp_filter",
			"fs.nr_open",
			"no.such",
			"größe",
			"",
		]
		tried := casefile.try("sysctl.get", [name])
		shown := [with_text(value) | value := tried.value]
	]
	numbers_of_settings := [asked(call("sysctl.get-number", [text(name)]), tried, shown) |
		some name in [
			"fs.nr_open",
			"fs.file-max",
			"kernel.ostype",
			"net.core.somaxconn",
			"vm.least",
			"no.such",
		]
		tried := casefile.try("sysctl.get_number", [name])
		shown := [with_number(value) | value := tried.value]
	]
	names_of_settings := [asked(call("sysctl.names", [text(prefix)]), tried, shown) |
		some prefix in ["net.core", "net.ipv4.conf", "no.such", ""]
		tried := casefile.try("sysctl.names", [prefix])
		shown := [texts(value) | value := tried.value]
	]
}

# METADATA
# title: Asks process, « process »
# custom: {code: process, severity: medium, exit_class: limits}
finding_process := array.concat(pages_of_pids.findings, joined([findings |
	some pid in array.concat(first_pids, [last_pid])
	findings := of_process(pid)
]))

of_process(pid) := joined([
	[asked(call("process.get-status", [plain(pid)]), found, [status(value) | value := found.value])],
	limits,
	[asked(call("process.get-descriptors", [plain(pid)]), open, [descriptors(value) | value := open.value])],
	[asked(call("process.get-executable", [plain(pid)]), program, [executable(value) | value := program.value])],
]) if {
	found := casefile.try("process.get_status", [pid])
	limits := [asked(call("process.get-limit", [plain(pid), what]), tried, shown) |
		some what in limited
		tried := casefile.try("process.get_limit", [pid, what])
		shown := [limit(value) | value := tried.value]
	]
	open := casefile.try("process.get_descriptors", [pid])
	program := casefile.try("process.get_executable", [pid])
}

limited := [
	"cpu", "file-size", "data", "stack-size", "core", "resident-set", "processes",
	"open-files", "locked-memory", "address-space", "file-locks", "pending-signals",
	"message-queues", "nice", "real-time-priority", "real-time-timeout",
]

# METADATA
# title: Asks cgroup, « cgroup »
# custom: {code: cgroup, severity: high, exit_class: limits}
finding_cgroup := joined([pages_of_pids.findings, of_processes, controls]) if {
	tries := [[pid, casefile.try("cgroup.of_process", [pid])] | some pid in first_pids]
	of_processes := [asked(call("cgroup.of-process", [plain(pid)]), tried, shown) |
		some [pid, tried] in tries
		shown := [memberships(value) | value := tried.value]
	]
	found := [entry.path |
		some [_, tried] in tries
		some entry in tried.value.entries
		entry.hierarchy == 0
	]
	controls := [asked(call("cgroup.get", [text(path), text(file)]), tried, shown) |
		some path in each_once(array.concat(["/", "/no/such"], found))
		some file in ["pids.max", "memory.max", "cgroup.controllers"]
		tried := casefile.try("cgroup.get", [path, file])
		shown := [with_text(value) | value := tried.value]
	]
}

# METADATA
# title: Asks elf, « elf »
# custom: {code: elf, severity: critical, exit_class: elf}
finding_elf := array.concat(pages_of_programs.findings, joined([findings |
	first := array.slice(pages_of_programs.items, 0, 12)
	some path in array.concat(first, ["/etc/os-release", "/no/such", "relative", ""])
	findings := of_file(path)
]))

of_file(path) := array.concat(
	[asked(call("elf.get-file", [text(path)]), file, [elf_file(value) | value := file.value])],
	[asked(call("elf.resolve", [text(path), option_text(library_path)]), tried, shown) |
		some library_path in [null, "/opt/lib::/usr/lib/größe"]
		tried := casefile.try("elf.resolve", [path, library_path])
		shown := [resolution(value) | value := tried.value]
	],
) if {
	file := casefile.try("elf.get_file", [path])
}

# METADATA
# title: Asks trust, « trust »
# custom: {code: trust, severity: info, exit_class: certificates}
finding_trust := array.concat(
	[asked("trust.get-stores()", tried, [stores(value) | value := tried.value])],
	joined([pages.findings |
		some path in array.concat(found, ["/no/such"])
		start := {"path": path, "offset": 0, "findings": [], "ended": false}
		pages := turn_certificates(turn_certificates(turn_certificates(start)))
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
finding_environment := array.concat(pages_of_pids.findings, joined([findings |
	some pid in array.concat(first_pids, [last_pid])
	findings := of_environment(pid)
]))

of_environment(pid) := array.concat(
	[asked(call("environment.names", [plain(pid)]), names, [texts(value) | value := names.value])],
	[asked(call("environment.get", [plain(pid), text(name)]), tried, shown) |
		some name in ["PATH", "GOMEMLIMIT", "SECRET_TOKEN", "GRÖSSE", ""]
		tried := casefile.try("environment.get", [pid, name])
		shown := [variable(value) | value := tried.value]
	],
) if {
	names := casefile.try("environment.names", [pid])
}

# METADATA
# title: Asks files, « files »
# custom: {code: files, severity: high, exit_class: unit}
finding_files := joined([findings |
	some path in [
		"/",
		"/etc",
		"/etc/os-release",
		"/etc/long",
		"/etc/größe/日本",
		"/etc/empty",
		"/etc/binary",
		"/proc/1/status",
		"/etc/shadow",
		"/no/such",
		"relative",
		"",
	]
	findings := of_path(path)
])

of_path(path) := array.concat(
	[
		asked(call("files.get-stat", [text(path)]), found, [stat(value) | value := found.value]),
		asked(call("files.read-text", [text(path)]), content, [file_text(value) | value := content.value]),
		asked(call("files.read-directory", [text(path)]), names, [listing(value) | value := names.value]),
	],
	[asked(call("files.get-attribute", [text(path), text(name)]), tried, shown) |
		some name in ["security.selinux", "security.capability"]
		tried := casefile.try("files.get_attribute", [path, name])
		shown := [attribute(value) | value := tried.value]
	],
) if {
	found := casefile.try("files.get_stat", [path])
	content := casefile.try("files.read_text", [path])
	names := casefile.try("files.read_directory", [path])
}

# METADATA
# title: Asks parameters, « parameters »
# custom: {code: parameters, severity: critical, exit_class: network}
finding_parameters := [asked(call("parameters.get", [text(name)]), tried, shown) |
	some name in ["boolean", "least", "greatest", "text", "empty", "texts", "none", "no-such"]
	tried := casefile.try("parameters.get", [name])
	shown := [parameter(value) | value := tried.value]
]

# METADATA
# title: Asks data, « data »
# custom: {code: data, severity: info, exit_class: network}
finding_data := array.concat([answer("data.names()", texts(casefile.data.names()))], joined([findings |
	some name in ["table.txt", "table.bin", "empty", "no-such"]
	bytes := casefile.try("data.read", [name])
	content := casefile.try("data.read_text", [name])
	findings := [
		asked(call("data.read", [text(name)]), bytes, [plains(value) | value := bytes.value]),
		asked(call("data.read-text", [text(name)]), content, [text(value) | value := content.value]),
	]
]))

# The seed is another one for each policy: it is asked twice.
#
# METADATA
# title: Asks runtime, « runtime »
# custom: {code: runtime, severity: low, exit_class: network}
finding_runtime := [
	answer("runtime.now()", plain(casefile.runtime.now())),
	answer("runtime.seed() is the same again", same(casefile.runtime.seed(), casefile.runtime.seed())),
]

# A script has one: here it is asked twice, as where there is none.
#
# METADATA
# title: Asks script, « script »
# custom: {code: script, severity: low, exit_class: network}
finding_script := [answer("script.get() is the same again", same(
	option_source(casefile.script.get()),
	option_source(casefile.script.get()),
))]

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
	[says(outcome, ["outcome", outcome], {}) |
		some outcome in ["pass", "fail", "unknown", "not-applicable"]
	],
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
			["least", plain(-9223372036854775808)],
			["greatest", plain(9223372036854775807)],
			["greatest unsigned", plain(18446744073709551615)],
		]
		said := {"message": content, "actual": content, "wanted": content, "remedy": content}
	],
	[says("unknown", ["missing"], {"missing": array.concat(
		[{"path": "/absent", "state": "absent", "detail": ""}],
		[{"path": "/größe", "state": {"kind": "unknown", "value": reason}, "detail": "détail"} |
			some reason in reasons
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

reasons := [
	"denied", "timed-out", "too-large", "redacted", "not-collected", "unreadable",
	"vanished", "not-regular", "malformed", "needs-running-kernel",
]

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

says(outcome, words, more) := object.union(
	{"outcome": outcome, "subject": concat(" ", words), "message": "says"},
	more,
)

# --- Calls, and the pages that they turn.

call(function, arguments) := sprintf("%s(%s)", [function, concat(", ", arguments)])

answer(subject, actual) := {
	"outcome": "pass",
	"subject": subject,
	"message": "answers",
	"actual": actual,
}

# What `casefile.try` gave; `shown` holds the value as text, where there is one.
asked(subject, tried, shown) := answer(subject, case("ok", shown[0])) if tried.value != null

asked(subject, tried, _) := answer(subject, case("err", absence(tried.absence)))

last_pid := 4294967295

first_pids := array.slice(pages_of_pids.items, 0, 12)

# Rego has no loops: a page is turned as often as twelve need it. All pages but
# the last are full.
pages_of_pids := turn_pids(turn_pids(turn_pids(turn_pids(start)))) if {
	start := {"after": 0, "items": [], "findings": [], "ended": false}
}

turn_pids(pages) := pages if {
	has_enough(pages)
} else := {
	"after": array.concat([pages.after], page)[count(page)],
	"items": array.concat(pages.items, page),
	"findings": array.concat(pages.findings, [asked(subject, tried, shown)]),
	"ended": count(page) == 0,
} if {
	subject := call("process.pids", [plain(pages.after), "5"])
	tried := casefile.try("process.pids", [pages.after, 5])
	page := object.get(tried, "value", [])
	shown := [plains(value) | value := tried.value]
}

pages_of_programs := turn_programs(turn_programs(turn_programs(turn_programs(start)))) if {
	start := {"offset": 0, "items": [], "findings": [], "ended": false}
}

turn_programs(pages) := pages if {
	has_enough(pages)
} else := {
	"offset": pages.offset + 4,
	"items": array.concat(pages.items, [program.path | some program in page]),
	"findings": array.concat(pages.findings, [asked(subject, tried, shown)]),
	"ended": count(page) == 0,
} if {
	subject := call("elf.programs", [plain(pages.offset), "4"])
	tried := casefile.try("elf.programs", [pages.offset, 4])
	page := object.get(tried, "value", [])
	shown := [programs(value) | value := tried.value]
}

has_enough(pages) if pages.ended

has_enough(pages) if count(pages.items) >= 12

turn_certificates(pages) := pages if {
	pages.ended
} else := object.union(pages, {
	"offset": pages.offset + count(page),
	"findings": array.concat(pages.findings, [asked(subject, tried, shown)]),
	"ended": count(page) == 0,
}) if {
	subject := call("trust.certificates", [text(pages.path), plain(pages.offset), "7"])
	tried := casefile.try("trust.certificates", [pages.path, pages.offset, 7])
	page := object.get(tried, "value", [])
	shown := [certificates(value) | value := tried.value]
}

# Without a next page the cursor is null.
turn_records(pages) := pages if {
	pages.cursor == null
} else := object.union(pages, {
	"cursor": object.get(tried, ["value", "next"], null),
	"findings": array.concat(pages.findings, [asked(subject, tried, shown)]),
}) if {
	subject := call("audit.records", [filtered(pages.filter), plain(pages.cursor), "4"])
	tried := casefile.try("audit.records", [pages.filter, pages.cursor, 4])
	shown := [page_of_records(value) | value := tried.value]
}

same(first, second) := "true" if {
	first == second
} else := "false"

each_once(values) := [value |
	some place, value in values
	not value in array.slice(values, 0, place)
]

repeated(word, times) := concat("", [word | some _ in numbers.range(1, times)])

joined(lists) := [item | some one in lists; some item in one]

# --- Values of the contract as text.

text(value) := concat("", ["\"", strings.replace_n(escapes, replace(value, "\\", "\\\\")), "\""])

escapes := object.union({"\"": "\\\""}, {letter: escape |
	some code in array.concat(numbers.range(0, 31), [127])
	letter := sprintf("%c", [code])
	escape := sprintf("\\u{%x}", [code])
})

# Numbers, true and false.
plain(value) := sprintf("%v", [value])

list(shown) := sprintf("[%s]", [concat(", ", shown)])

tuple(shown) := sprintf("(%s)", [concat(", ", shown)])

case(name, shown) := sprintf("%s(%s)", [name, shown])

texts(values) := list([text(value) | some value in values])

plains(values) := list([plain(value) | some value in values])

option_text(value) := case("some", text(value)) if {
	value != null
} else := "none"

option_plain(value) := case("some", plain(value)) if {
	value != null
} else := "none"

# A variant whose cases have a text or nothing.
case_text(value) := value if {
	is_string(value)
} else := case(value.kind, text(value.value))

# The fields of a record by their names. Where the value does not say by itself
# how it is written, `given` has the field.
record(value, names, given) := sprintf("{%s}", [concat(", ", [concat(": ", [name, written]) |
	some name in names
	written := field(value[replace(name, "-", "_")], object.get(given, name, null))
])])

field(_, given) := given if given != null

field(value, null) := text(value) if is_string(value)

field(value, null) := plain(value) if is_number(value)

field(value, null) := plain(value) if is_boolean(value)

field(value, null) := texts(value) if is_array(value)

absence(value) := record(value, ["path", "state", "detail"], {"state": state(value.state)})

state(value) := value if {
	is_string(value)
} else := case(value.kind, value.value)

parameter(value) := case("boolean", plain(value)) if is_boolean(value)

parameter(value) := case("integer", plain(value)) if is_number(value)

parameter(value) := case("text", text(value)) if is_string(value)

parameter(value) := case("texts", texts(value)) if is_array(value)

with_text(value) := record(value, ["text", "evidence"], {})

with_number(value) := record(value, ["value", "evidence"], {})

named_texts(values) := list([record(value, ["name", "value"], {}) | some value in values])

os_release(value) := record(
	value,
	["id", "version-id", "id-like", "pretty-name", "assignments", "evidence"],
	{"assignments": named_texts(value.assignments)},
)

kernel_release(value) := record(value, ["release", "version", "evidence"], {})

memory_total(value) := record(value, ["total", "available", "evidence"], {})

processors(value) := record(value, ["count", "features", "evidence"], {})

mounts(value) := record(value, ["entries", "evidence"], {"entries": list([mount |
	some entry in value.entries
	mount := record(entry, ["point", "file-system", "source", "options"], {})
])})

status(value) := record(
	value,
	[
		"name", "parent", "uids", "gids", "threads", "effective-capabilities",
		"bounding-capabilities", "no-new-privileges", "kernel-thread", "evidence",
	],
	{
		"uids": tuple([plain(id) | some id in value.uids]),
		"gids": tuple([plain(id) | some id in value.gids]),
	},
)

limit(value) := record(
	value,
	["soft", "hard", "evidence"],
	{"soft": option_plain(value.soft), "hard": option_plain(value.hard)},
)

descriptors(value) := record(
	value,
	["open", "kinds", "evidence"],
	{"kinds": list([record(kind, ["kind", "count"], {}) | some kind in value.kinds])},
)

executable(value) := record(value, ["path", "deleted", "evidence"], {})

memberships(value) := record(value, ["entries", "evidence"], {"entries": list([membership |
	some entry in value.entries
	membership := record(entry, ["hierarchy", "controllers", "path"], {})
])})

programs(values) := list([record(value, ["path", "origins"], {}) | some value in values])

elf_file(value) := record(
	value,
	[
		"kind", "bits", "machine", "object-type", "interpreter", "dynamic", "needed",
		"soname", "rpath", "runpath", "build-id", "executable-stack", "evidence",
	],
	{
		"kind": case_text(value.kind),
		"interpreter": option_text(value.interpreter),
		"soname": option_text(value.soname),
		"rpath": option_text(value.rpath),
		"runpath": option_text(value.runpath),
		"build-id": option_text(value.build_id),
	},
)

resolution(value) := record(
	value,
	["loader", "interpreter", "objects", "missing", "versions", "unknown", "evidence"],
	{
		"loader": value.loader,
		"interpreter": option_text(value.interpreter),
		"objects": list([loaded(one) | some one in value.objects]),
		"missing": list([unresolved(one) | some one in value.missing]),
		"versions": list([version_missing(one) | some one in value.versions]),
		"unknown": list([absence(one) | some one in value.unknown]),
		"evidence": plains(value.evidence),
	},
)

loaded(value) := record(
	value,
	["name", "path", "needed-by", "found-by", "evidence"],
	{"found-by": value.found_by},
)

unresolved(value) := record(
	value,
	["name", "needed-by", "problem"],
	{"problem": case_text(value.problem)},
)

version_missing(value) := record(
	value,
	["version", "library", "library-path", "needed-by", "weak"],
	{},
)

stores(value) := record(value, ["known", "unknown"], {
	"known": list([store(one) | some one in value.known]),
	"unknown": list([absence(one) | some one in value.unknown]),
})

store(value) := record(
	value,
	["path", "kind", "real-path", "certificates", "unparsable", "evidence"],
	{"kind": value.kind},
)

certificates(values) := list([certificate(value) | some value in values])

certificate(value) := record(
	value,
	[
		"path", "position", "fingerprint", "key-fingerprint", "subject", "issuer",
		"serial", "not-before", "not-after", "version", "authority", "key", "signature",
		"self-signed", "evidence",
	],
	{
		"authority": option_plain(value.authority),
		"key": key(value.key),
		"self-signed": value.self_signed,
	},
)

key(value) := value if is_string(value)

key(value) := case("rsa", tuple([plain(bits), text(exponent)])) if {
	value.kind == "rsa"
	[bits, exponent] := value.value
}

key(value) := case("elliptic", tuple([text(curve), plain(bits)])) if {
	value.kind == "elliptic"
	[curve, bits] := value.value
}

key(value) := case("dsa", plain(value.value)) if value.kind == "dsa"

key(value) := case(value.kind, text(value.value)) if value.kind in ["edwards", "other"]

filtered(value) := record(
	value,
	["record-types", "since"],
	{"since": option_plain(value.since)},
)

page_of_records(value) := record(value, ["records", "next", "truncated"], {
	"records": list([event_record(one) | some one in value.records]),
	"next": option_plain(value.next),
})

event_record(value) := record(
	value,
	["record-type", "seconds", "milliseconds", "serial", "text", "fields", "evidence"],
	{"fields": named_texts(value.fields)},
)

variable(value) := record(
	value,
	["name", "value", "evidence"],
	{"value": option_text(value.value)},
)

stat(value) := record(
	value,
	["real-path", "kind", "mode", "uid", "gid", "size", "modified", "evidence"],
	{"kind": value.kind},
)

file_text(value) := record(value, ["content", "skipped", "evidence"], {})

listing(value) := record(value, ["names", "evidence"], {})

attribute(value) := record(value, ["value", "evidence"], {"value": plains(value.value)})

option_source(value) := case("some", record(value, ["name", "text"], {})) if {
	value != null
} else := "none"
