// Prints what DWARF says of inlined calls in a program, by Go's own reader of
// it: another source than the tables that the runtime uses.
//
// Usage: inlined PROGRAM < ADDRESSES
//
// For each function: `call CALLER CALLEE` for every body that stands in
// another one, and `at ADDRESS FUNCTION` for the innermost body that an
// address of the input is of; separated by tabs.
package main

import (
	"bufio"
	"debug/dwarf"
	"debug/elf"
	"fmt"
	"log"
	"os"
	"strconv"
)

type reader struct {
	data      *dwarf.Data
	addresses map[uint64]string
	out       *bufio.Writer
}

// name is that of a function, or of the one whose copy it is.
func (r *reader) name(entry *dwarf.Entry) string {
	for entry != nil {
		if name, ok := entry.Val(dwarf.AttrName).(string); ok {
			return name
		}
		origin, ok := entry.Val(dwarf.AttrAbstractOrigin).(dwarf.Offset)
		if !ok {
			return ""
		}
		next := r.data.Reader()
		next.Seek(origin)
		entry, _ = next.Next()
	}
	return ""
}

// mark gives the addresses of a body to it; those of bodies in it follow.
func (r *reader) mark(entry *dwarf.Entry, name string) {
	ranges, err := r.data.Ranges(entry)
	if err != nil {
		log.Fatal(err)
	}
	for address := range r.addresses {
		for _, one := range ranges {
			if one[0] <= address && address < one[1] {
				r.addresses[address] = name
			}
		}
	}
}

func (r *reader) children(entries *dwarf.Reader, parent string) {
	for {
		entry, err := entries.Next()
		if err != nil {
			log.Fatal(err)
		}
		if entry == nil || entry.Tag == 0 {
			return
		}
		name := parent
		if entry.Tag == dwarf.TagInlinedSubroutine {
			name = r.name(entry)
			fmt.Fprintf(r.out, "call\t%s\t%s\n", parent, name)
			r.mark(entry, name)
		}
		if entry.Children {
			r.children(entries, name)
		}
	}
}

func main() {
	file, err := elf.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	data, err := file.DWARF()
	if err != nil {
		log.Fatal(err)
	}
	r := reader{data, map[uint64]string{}, bufio.NewWriter(os.Stdout)}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		address, err := strconv.ParseUint(lines.Text(), 16, 64)
		if err != nil {
			log.Fatal(err)
		}
		r.addresses[address] = ""
	}
	entries := data.Reader()
	for {
		entry, err := entries.Next()
		if err != nil {
			log.Fatal(err)
		}
		if entry == nil {
			break
		}
		if entry.Tag != dwarf.TagSubprogram || entry.Val(dwarf.AttrInline) != nil {
			continue
		}
		name := r.name(entry)
		r.mark(entry, name)
		if entry.Children {
			r.children(entries, name)
		}
	}
	for address, name := range r.addresses {
		fmt.Fprintf(r.out, "at\t%x\t%s\n", address, name)
	}
	if err := r.out.Flush(); err != nil {
		log.Fatal(err)
	}
}
