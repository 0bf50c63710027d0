//! Memory for a rule: the first of it from a fixed part of the instance's own
//! memory, so that a small rule never asks for more, which costs as much as
//! making the instance. An instance lives for one rule: what is freed there
//! is not used again.

#![allow(
    unsafe_code,
    reason = "GlobalAlloc is unsafe to implement: see the arguments at each use"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, UnsafeCell};

/// Bytes of the fixed part.
const BYTES: usize = 48 << 10;

#[repr(align(16))]
struct Bytes(UnsafeCell<[u8; BYTES]>);

/// Gives memory from a fixed part, and from the system's allocator when that
/// is used up.
pub struct Arena {
    bytes: Bytes,
    used: Cell<usize>,
}

// SAFETY: a policy's component has one thread.
unsafe impl Sync for Arena {}

impl Arena {
    /// Nothing given yet.
    #[allow(clippy::new_without_default, reason = "a static is made of it")]
    pub const fn new() -> Self {
        Self {
            bytes: Bytes(UnsafeCell::new([0; BYTES])),
            used: Cell::new(0),
        }
    }

    fn begin(&self) -> *mut u8 {
        self.bytes.0.get().cast()
    }

    fn owns(&self, pointer: *mut u8) -> bool {
        let begin = self.begin() as usize;
        (begin..begin + BYTES).contains(&(pointer as usize))
    }
}

// SAFETY: each range of the fixed part is given once, is aligned and inside;
// the rest is the system allocator's, to which its own pointers go back.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.used.get().next_multiple_of(layout.align());
        match start.checked_add(layout.size()) {
            // The fixed part is aligned to 16; greater alignments are rare.
            Some(end) if end <= BYTES && layout.align() <= 16 => {
                self.used.set(end);
                // SAFETY: `start` is at most BYTES.
                unsafe { self.begin().add(start) }
            }
            // SAFETY: the caller's promises are those that the system wants.
            _ => unsafe { System.alloc(layout) },
        }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        if self.owns(pointer) {
            // The last one that was given can be given again.
            let end = pointer as usize - self.begin() as usize + layout.size();
            if end == self.used.get() {
                self.used.set(end - layout.size());
            }
            return;
        }
        // SAFETY: it is not ours, so that the system gave it.
        unsafe { System.dealloc(pointer, layout) }
    }
}
