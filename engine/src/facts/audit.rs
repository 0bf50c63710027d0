//! Records of the Linux audit system, as auditd writes them to its log.
