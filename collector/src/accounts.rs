//! The users of the host by name and number (passwd(5)), so that a program
//! can be judged as a user's. Passwords and what is told of people are hidden.

use casefile_snapshot::HostPath;

use crate::capture::{Capture, Reduced, Rules};
use crate::hidden::mark;

/// The host's own users. What directories on the network have is not taken.
const USERS: &str = "/etc/passwd";

/// Fields that are hidden where they hold something, from 0: the password
/// (`x` and the marks of locked accounts are none), and the person's name,
/// rooms and telephones.
const PASSWORD: usize = 1;
const PERSON: usize = 4;

const RULES: Rules = Rules {
    // A hundred thousand users.
    bytes: 8 << 20,
    refuse: |_| None,
    reduce,
};

/// Takes the users.
pub(crate) fn collect(capture: &mut Capture) {
    if let Ok(path) = HostPath::new(USERS) {
        // What is not there is recorded as absent.
        let _ = capture.item(&path, &RULES);
    }
}

fn reduce(bytes: Vec<u8>) -> Reduced {
    let mut places = 0;
    let mut reduced = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let (line, end) = match line.strip_suffix(b"\n") {
            Some(line) => (line, &b"\n"[..]),
            None => (line, &b""[..]),
        };
        for (number, field) in line.split(|byte| *byte == b':').enumerate() {
            if number > 0 {
                reduced.push(b':');
            }
            if is_private(number, field) {
                places += 1;
                reduced.extend(mark(field.len()).into_bytes());
            } else {
                reduced.extend(field);
            }
        }
        reduced.extend(end);
    }
    Reduced {
        bytes: reduced,
        places,
    }
}

fn is_private(number: usize, field: &[u8]) -> bool {
    match number {
        PASSWORD => !matches!(field, b"" | b"x" | b"*" | b"!" | b"!!" | b"*LK*"),
        PERSON => !field.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_and_people_are_hidden_and_numbers_kept() {
        let text = "root:x:0:0:root:/root:/bin/bash\nold:abJnggxhB/yWI:7:7::/:/bin/sh\n\
                    eva:*:1000:1000:Eva M,12,555:/home/eva:/bin/sh";
        let Reduced { bytes, places } = reduce(text.as_bytes().to_vec());
        let wanted = "root:x:0:0:<hidden:4>:/root:/bin/bash\n\
                      old:<hidden:13>:7:7::/:/bin/sh\n\
                      eva:*:1000:1000:<hidden:12>:/home/eva:/bin/sh";
        assert_eq!(String::from_utf8_lossy(&bytes), wanted);
        assert_eq!(places, 3);
    }
}
