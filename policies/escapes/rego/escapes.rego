# What a script may try to get out of its sandbox. Each rule is one attempt;
# its finding says what came of it, or the rule is stopped.
#
# METADATA
# title: Attempts to get out of the sandbox
# scope: package
# custom:
#   version: "0.1.0"
#   severity: info
package escapes

import rego.v1

# METADATA
# title: Reads the clock twice
# custom: {code: reads-clock-twice}
finding contains said("clock", sprintf("%d %d", [first, second])) if {
	first := time.now_ns()
	second := time.now_ns()
}

# METADATA
# title: Asks for two random numbers
# custom: {code: reads-random-twice}
finding contains said("random", sprintf("%d %d", [first, second])) if {
	first := rand.intn("a", 1000000)
	second := rand.intn("a", 1000000)
}

# METADATA
# title: Connects to another host
# custom: {code: connects}
finding contains said("connection", sprintf("%v", [answer])) if {
	answer := http.send({"method": "get", "url": "http://127.0.0.1/"})
}

# METADATA
# title: Reads the environment
# custom: {code: reads-environment}
finding contains said("environment", sprintf("%v", [answer])) if {
	answer := opa.runtime()
}

# METADATA
# title: Opens a file that no interface gives
# custom: {code: opens-file}
finding contains said("file", sprintf("%v", [answer])) if {
	answer := casefile.try("files.read_text", ["../../../../proc/self/environ"])
}

# METADATA
# title: Makes as much memory as it can
# custom: {code: grows-memory}
finding contains said("memory", sprintf("%d", [count(all)])) if {
	some_numbers := numbers.range(1, 3000)
	all := [text |
		some i in some_numbers
		some j in some_numbers
		text := sprintf("%d and %d", [i, j])
	]
}

# METADATA
# title: Works without an end
# custom: {code: loops}
finding contains said("loop", sprintf("%d", [total])) if {
	some_numbers := numbers.range(1, 100000)
	total := sum([n |
		some i in some_numbers
		some j in some_numbers
		n := (i * j) % 7
		n > 7
	])
}

# METADATA
# title: Writes a gigabyte
# custom: {code: writes-gigabyte}
finding contains said("output", "written") if {
	line := concat("", [letter | some _ in numbers.range(1, 10000); letter := "x"])
	every _ in numbers.range(1, 100000) {
		print(line)
	}
}

# METADATA
# title: Nests a pattern without an end
# custom: {code: backtracks}
finding contains said("pattern", sprintf("%v", [found])) if {
	text := concat("", [letter | some _ in numbers.range(1, 5000); letter := "a"])
	found := regex.match(`^(a+)+$`, concat("", [text, "b"]))
}

said(subject, actual) := {
	"outcome": "pass",
	"subject": subject,
	"message": "it was tried",
	"actual": actual,
}
