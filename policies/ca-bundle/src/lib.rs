//! Placeholder until its rules land.
