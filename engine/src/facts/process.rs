//! Processes: who they are, what they may use, what they have open.
