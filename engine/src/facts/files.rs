//! Files of the host by path.
