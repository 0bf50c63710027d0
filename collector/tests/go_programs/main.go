// A program with calls of every kind, for the reader of Go's tables.
package main

import (
	"fmt"
	"log"
	"net"
	"os"
	"sort"
	"strings"

	y "example.com/app/inner/x.y"
)

type shape interface{ area() float64 }

type square struct{ side float64 }

//go:noinline
func (s *square) area() float64 { return s.side * s.side }

type lines struct{ prefix string }

//go:noinline
func (l lines) line(s string) { log.Println(l.prefix, s) }

// The method of what it embeds is its own without a line of source.
type journal struct {
	name string
	lines
}

type liner interface{ line(string) }

//go:noinline
func write(l liner) { l.line("written") }

//go:noinline
func pick[T any](list []T, index int) T { return list[index] }

//go:noinline
func dial(address string) {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		log.Printf("no answer: %v", err)
		return
	}
	fmt.Println(connection.RemoteAddr())
}

func trimmed(s string) string { return strings.TrimSpace(y.Small(s)) }

func main() {
	defer os.Exit(3)
	var s shape = &square{2}
	fmt.Println(pick([]string{"a", "b"}, 1), pick([]int{1, 2}, 0), s.area(), trimmed("a"))
	list := []int{3, 1, 2}
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	write(journal{"main", lines{"> "}})
	if len(os.Args) > 1 {
		go func() { log.Fatal(net.Listen("tcp", os.Args[1])) }()
		dial(os.Args[1])
	}
}
