//! Standard streams. Input is at its end; output and error go to the
//! policy's log, each line of a write a message.

use crate::Inert;
use crate::bindings::casefile::policy::log::{self, Level};
use crate::bindings::exports::wasi::io::error;
use crate::bindings::exports::wasi::io::streams::{
    self, GuestInputStream, GuestOutputStream, InputStreamBorrow, Pollable, StreamError,
};
use crate::clocks::Wait;
use crate::{Nothing, nothing};

/// Bytes that a stream takes at a time: what is written is copied to this
/// component first.
const ROOM: u64 = 64 << 10;

nothing!(error::GuestError {
    fn to_debug_string(&self) -> String;
});

impl error::Guest for Inert {
    type Error = Nothing;
}

impl streams::Guest for Inert {
    type InputStream = Ended;
    type OutputStream = Logged;
}

/// Standard input.
pub(crate) struct Ended;

impl GuestInputStream for Ended {
    fn read(&self, _: u64) -> Result<Vec<u8>, StreamError> {
        Err(StreamError::Closed)
    }

    fn blocking_read(&self, _: u64) -> Result<Vec<u8>, StreamError> {
        Err(StreamError::Closed)
    }

    fn skip(&self, _: u64) -> Result<u64, StreamError> {
        Err(StreamError::Closed)
    }

    fn blocking_skip(&self, _: u64) -> Result<u64, StreamError> {
        Err(StreamError::Closed)
    }

    fn subscribe(&self) -> Pollable {
        Wait::ready()
    }
}

/// Standard output or error: the level of its messages.
pub(crate) struct Logged(pub(crate) Level);

impl Logged {
    /// Logs each line that is UTF-8; bytes that are not are left out.
    fn say(&self, bytes: &[u8]) {
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        for line in bytes.split(|byte| *byte == b'\n') {
            for chunk in line.utf8_chunks().filter(|chunk| !chunk.valid().is_empty()) {
                log::write(self.0, chunk.valid());
            }
        }
    }
}

impl GuestOutputStream for Logged {
    fn check_write(&self) -> Result<u64, StreamError> {
        Ok(ROOM)
    }

    fn write(&self, contents: Vec<u8>) -> Result<(), StreamError> {
        self.say(&contents);
        Ok(())
    }

    fn blocking_write_and_flush(&self, contents: Vec<u8>) -> Result<(), StreamError> {
        self.say(&contents);
        Ok(())
    }

    fn flush(&self) -> Result<(), StreamError> {
        Ok(())
    }

    fn blocking_flush(&self) -> Result<(), StreamError> {
        Ok(())
    }

    fn subscribe(&self) -> Pollable {
        Wait::ready()
    }

    /// Zeroes are no message.
    fn write_zeroes(&self, _: u64) -> Result<(), StreamError> {
        Ok(())
    }

    fn blocking_write_zeroes_and_flush(&self, _: u64) -> Result<(), StreamError> {
        Ok(())
    }

    /// The only stream to take from is at its end.
    fn splice(&self, _: InputStreamBorrow<'_>, _: u64) -> Result<u64, StreamError> {
        Err(StreamError::Closed)
    }

    fn blocking_splice(&self, _: InputStreamBorrow<'_>, _: u64) -> Result<u64, StreamError> {
        Err(StreamError::Closed)
    }
}
