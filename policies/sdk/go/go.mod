module casefile/policy

go 1.24
