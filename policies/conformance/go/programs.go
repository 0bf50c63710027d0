package main

import (
	"math"

	"casefile/policy"
	"casefile/policy/elf"
	"casefile/policy/gobinary"
	"casefile/policy/packagedb"
	"casefile/policy/start"
	"casefile/policy/tools"
)

const (
	// Programs that are looked at.
	programs = 6
	// Starts that are looked at.
	starts = 6
)

// someStarts gives the indices of the first starts, and one that none has.
func (answers *answers) someStarts() []uint32 {
	page, err := start.Starts(0, starts)
	answers.add(result(page, err), "start.starts", 0, starts)
	var indices []uint32
	for _, one := range page {
		indices = append(indices, one.Index)
	}
	return append(indices, math.MaxUint32)
}

// firstPrograms gives the paths of the first programs, as pages of four give
// them.
func (answers *answers) firstPrograms() []string {
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
	return paths[:min(len(paths), programs)]
}

func asksELF() ([]policy.Finding, error) {
	var answers answers
	paths := append(answers.firstPrograms(), "/etc/os-release", "/no/such", "relative", "")
	libraryPath, preload := "/opt/lib::/usr/lib/größe", "/no/such/größe.so libm.so.6"
	secure, folder := false, "/opt"
	launch := elf.Launch{
		LibraryPath: &libraryPath, Preload: &preload, Secure: &secure, WorkingDirectory: &folder,
	}
	for _, path := range paths {
		answers.add(result(elf.GetFile(path)), "elf.get-file", path)
		for _, launch := range []*elf.Launch{nil, &launch} {
			answers.add(result(elf.Resolve(path, launch)), "elf.resolve", path, launch)
		}
		answers.add(result(elf.VersionNeeds(path)), "elf.version-needs", path)
		answers.add(result(elf.VersionDefinitions(path)), "elf.version-definitions", path)
		answers.add(result(elf.Sections(path)), "elf.sections", path)
		answers.add(result(elf.DlopenNotes(path)), "elf.dlopen-notes", path)
	}
	for _, index := range answers.someStarts() {
		answers.add(result(elf.ResolveStart(index)), "elf.resolve-start", index)
	}
	answers.add(result(elf.GetCache()), "elf.get-cache")
	turned(&answers, 3, elf.StaleEntries, "elf.stale-entries")
	return answers, nil
}

func asksStart() ([]policy.Finding, error) {
	var answers answers
	answers.add(start.GetScope(), "start.get-scope")
	turned(&answers, 4, start.Starts, "start.starts")
	turned(&answers, 4, start.HiddenProcesses, "start.hidden-processes")
	return answers, nil
}

func functionFilters() []gobinary.FunctionFilter {
	name, path := "main.main", "net/http"
	return []gobinary.FunctionFilter{{}, {Name: &name}, {Package: &path}, {InMainModule: true}}
}

func callFilters() []gobinary.CallFilter {
	do, path, exit := "net/http.(*Client).Do", "main", "os.Exit"
	return []gobinary.CallFilter{
		{},
		{Callee: &do},
		{CallerPackage: &path, Callee: &exit, FromMainModule: true},
	}
}

func asksGoBinary() ([]policy.Finding, error) {
	var answers answers
	for _, path := range append(answers.firstPrograms(), "/no/such") {
		answers.add(result(gobinary.Get(path)), "go-binary.get", path)
		turned(&answers, 3, func(offset, limit uint32) ([]gobinary.Module, error) {
			return gobinary.Dependencies(path, offset, limit)
		}, "go-binary.dependencies", path)
		for _, filter := range functionFilters() {
			turned(&answers, 3, func(offset, limit uint32) ([]gobinary.Function, error) {
				return gobinary.Functions(path, filter, offset, limit)
			}, "go-binary.functions", path, filter)
		}
		for _, filter := range callFilters() {
			turned(&answers, 3, func(offset, limit uint32) ([]gobinary.Call, error) {
				return gobinary.Calls(path, filter, offset, limit)
			}, "go-binary.calls", path, filter)
		}
	}
	return answers, nil
}

func asksPackageDB() ([]policy.Finding, error) {
	var answers answers
	answers.add(result(packagedb.Databases()), "package-db.databases")
	for _, name := range []string{"libc6", "glibc", "musl", "no-such"} {
		answers.add(result(packagedb.Find(name)), "package-db.find", name)
	}
	turned(&answers, 3, packagedb.Packages, "package-db.packages")
	for _, path := range []string{"/bin/sh", "/usr/bin/curl", "/no/such"} {
		answers.add(result(packagedb.Owner(path)), "package-db.owner", path)
	}
	for manager := packagedb.ManagerDpkg; manager <= packagedb.ManagerApk; manager++ {
		for _, pair := range [][2]string{
			{"1.0", "1.0"}, {"1.0~rc1", "1.0"}, {"1:1", "2"}, {"1.10-r1", "1.9-r2"}, {"größe", ""},
		} {
			order := packagedb.Compare(manager, pair[0], pair[1])
			answers.add(order, "package-db.compare", manager, pair[0], pair[1])
		}
	}
	return answers, nil
}

func asksTools() ([]policy.Finding, error) {
	var answers answers
	names := tools.Names()
	answers.add(names, "tools.names")
	for _, name := range append(names, "no-such") {
		answers.add(result(tools.Get(name)), "tools.get", name)
	}
	return answers, nil
}
