//! Programs and libraries, and what the loader makes of them.
