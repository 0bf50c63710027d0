//! Control groups: where a process belongs, and what its group may use.
