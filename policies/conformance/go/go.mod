module conformance

go 1.24

require casefile/policy v0.0.0

replace casefile/policy => ../../sdk/go
