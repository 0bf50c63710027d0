package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	mathrand "math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"casefile/policy"
)

func readsClockTwice() string {
	first := time.Now()
	second := time.Now()
	return fmt.Sprintf("%s and %s, %v apart",
		first.UTC().Format(time.RFC3339Nano), second.UTC().Format(time.RFC3339Nano), second.Sub(first))
}

func readsRandomTwice() string {
	var first, second [8]byte
	_, err := rand.Read(first[:])
	_, again := rand.Read(second[:])
	return said(fmt.Sprintf("%x and %x, %d and %d", first, second,
		mathrand.Uint64(), mathrand.Uint64()), errors.Join(err, again))
}

// ordersMaps shows the order of a map, which Go draws anew each time.
func ordersMaps() string {
	numbers := map[int]bool{}
	for number := range 20 {
		numbers[number] = true
	}
	return fmt.Sprint(slices.Collect(maps.Keys(numbers)), slices.Collect(maps.Keys(numbers)))
}

func sleeps() string {
	before := time.Now()
	time.Sleep(time.Hour)
	after := time.Now()
	return fmt.Sprint(after.Sub(before).Round(time.Second))
}

// schedules lets goroutines race for a lock.
func schedules() string {
	var order []int
	var lock sync.Mutex
	var group sync.WaitGroup
	for number := range 20 {
		group.Add(1)
		go func() {
			defer group.Done()
			if number%3 == 0 {
				time.Sleep(time.Duration(number) * time.Millisecond)
			}
			runtime.Gosched()
			lock.Lock()
			defer lock.Unlock()
			order = append(order, number)
		}()
	}
	group.Wait()
	return fmt.Sprint(order)
}

func collectsGarbage() string {
	var sum int
	for number := range 2000 {
		sum += len(strings.Repeat("x", 16<<10+number%7))
	}
	runtime.GC()
	var statistics runtime.MemStats
	runtime.ReadMemStats(&statistics)
	return fmt.Sprintf("%d bytes, collected %t", sum, statistics.NumGC > 0)
}

func writesGigabyte() string {
	line := []byte(strings.Repeat("x", 1<<20-1) + "\n")
	written := 0
	for range 1 << 10 {
		count, err := os.Stdout.Write(line)
		if err != nil {
			return said(written, err)
		}
		written += count
	}
	return fmt.Sprint(written, " bytes")
}

// writesBytes writes what is no text.
func writesBytes() string {
	count, err := os.Stdout.Write([]byte("a\xffb\xc3\xa4\xe2\x82c\x00d\n"))
	return said(fmt.Sprint(count, " bytes"), err)
}

func growsMemory() string {
	var kept [][]byte
	for range 1 << 10 {
		block := make([]byte, 1<<20)
		for index := 0; index < len(block); index += 4 << 10 {
			block[index] = 1
		}
		kept = append(kept, block)
	}
	return fmt.Sprint(len(kept), " MiB")
}

func recurses() string {
	var deeper func(depth int) int
	deeper = func(depth int) int {
		var frame [1 << 10]byte
		frame[depth%len(frame)] = 1
		return deeper(depth+1) + int(frame[0])
	}
	return fmt.Sprint(deeper(0))
}

func loops() string {
	for count := uint64(1); count != 0; count++ {
		runtime.KeepAlive(count)
	}
	return "the end"
}

func deadlocks() string {
	return <-make(chan string)
}

func panics() string {
	var findings []policy.Finding
	return findings[len(os.Args)].Fields().Subject
}

// panicsElsewhere panics where nothing recovers.
func panicsElsewhere() string {
	go func() { panic("größer ist « nicht » besser") }()
	return <-make(chan string)
}

func returnsError() ([]policy.Finding, error) {
	return nil, fmt.Errorf("the rule gave up: %w", errors.ErrUnsupported)
}

func exits() string {
	os.Exit(0)
	return "the end"
}
