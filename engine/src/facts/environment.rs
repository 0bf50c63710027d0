//! Environment variables of processes, values hidden by the collector or not.
