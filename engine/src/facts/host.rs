//! The host as a whole: system, kernel, processors, memory, mounts.
