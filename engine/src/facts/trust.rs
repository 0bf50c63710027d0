//! Certificates that programs on the host trust.
