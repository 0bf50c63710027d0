//! Executable stacks: one object that asks for one gives it to the whole
//! program.

use casefile_policy::{Finding, State, elf};

use crate::Findings;
use crate::survey::{Said, judge_loaded};

pub(crate) fn executable() -> Findings {
    judge_loaded(|subject, resolution| {
        let objects = resolution.objects.iter().map(|object| &object.path);
        let mut wrong = Vec::new();
        for path in [&subject.path].into_iter().chain(objects) {
            match elf::get_file(path) {
                Ok(file) if file.executable_stack => wrong.push(
                    Finding::fail(
                        &subject.path,
                        format!("{path} asks for an executable stack: an overflow can then run code, and SELinux (execstack) or glibc 2.41 (dlopen) may refuse it"),
                    )
                    .actual("PT_GNU_STACK with PF_X")
                    .wanted("PT_GNU_STACK without PF_X")
                    .remedy("add `.section .note.GNU-stack,\"\",@progbits` to its assembly files, or link with -Wl,-z,noexecstack; for a file that can't be built again: patchelf --clear-execstack"),
                ),
                Ok(_) => {}
                Err(absence) if absence.state == State::Absent => {}
                Err(absence) => {
                    let message = format!("whether {path} asks for an executable stack is not known");
                    wrong.push(Finding::unknown(&subject.path, message, absence));
                }
            }
        }
        Said {
            wrong,
            right: Some("nothing that it loads asks for an executable stack".to_owned()),
        }
    })
}
