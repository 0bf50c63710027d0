//! The interface `cgroup`.
