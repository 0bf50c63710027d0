//go:build wasip1

// Package runtime gives the generated bindings memory that the engine writes
// to and reads from.
package runtime

import (
	"fmt"
	"runtime"
	"sync"
	"unsafe"
)

// calling lets one goroutine at a time ask the engine, and read its answer.
var calling sync.Mutex

// received keeps what the engine has written alive, until it has been read.
var received runtime.Pinner

// Allocate gives memory that stays alive as long as the pinner pins it.
func Allocate(pinner *runtime.Pinner, size, align uintptr) unsafe.Pointer {
	if size == 0 {
		return nil
	}
	pointer := allocate(size, align)
	pinner.Pin(pointer)
	return pointer
}

// allocate gives memory that holds no pointers, so that the collector of
// garbage does not look into it; the type of its elements sets the alignment.
func allocate(size, align uintptr) unsafe.Pointer {
	switch align {
	case 1:
		return unsafe.Pointer(unsafe.SliceData(make([]uint8, size)))
	case 2:
		return unsafe.Pointer(unsafe.SliceData(make([]uint16, (size+1)/2)))
	case 4:
		return unsafe.Pointer(unsafe.SliceData(make([]uint32, (size+3)/4)))
	case 8:
		return unsafe.Pointer(unsafe.SliceData(make([]uint64, (size+7)/8)))
	default:
		panic(fmt.Sprintf("no memory is aligned to %d bytes", align))
	}
}

// Lock begins a call of the engine.
func Lock() {
	calling.Lock()
}

// Unlock ends it, once its answer has been read.
func Unlock() {
	Unpin()
	calling.Unlock()
}

// Unpin lets go of what the engine has written: what was read of it is held
// by the values that refer to it.
func Unpin() {
	received.Unpin()
}

// The engine asks for memory here, before it writes a string or a list. It
// never gives any back.
//
//go:wasmexport cabi_realloc
func cabiRealloc(old unsafe.Pointer, oldSize, align, size uintptr) unsafe.Pointer {
	if old != nil || oldSize != 0 {
		panic("the engine wants other memory for what it has")
	}
	return Allocate(&received, size, align)
}
