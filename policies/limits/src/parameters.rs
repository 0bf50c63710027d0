//! What users may set: the thresholds of all rules.

use casefile_policy::{Parameter, integer_default, texts_default};

use crate::{
    descriptors, epoll, host, inotify, kernel, mappings, memory, network, open_files, processors,
    programs, space, threads,
};

/// Every parameter of the policy.
pub(crate) fn all() -> Vec<Parameter> {
    vec![
        integer_default(
            open_files::LOW,
            65_536,
            "Descriptors: a hard limit below is reported.",
        ),
        integer_default(
            open_files::VERY_LOW,
            4096,
            "Descriptors: a hard limit below, where it is reported, is of high severity.",
        ),
        texts_default(
            open_files::EXEMPT,
            vec!["avahi-daemon".to_owned()],
            "Names of programs and units whose limit is low on purpose.",
        ),
        integer_default(
            descriptors::USED,
            60,
            "Per cent of a process's soft limit: more descriptors in use are reported.",
        ),
        integer_default(
            descriptors::FULL,
            80,
            "Per cent of a process's soft limit: more descriptors in use, where they are reported, are of high severity.",
        ),
        integer_default(
            host::FILE_MAX_USED,
            80,
            "Per cent of fs.file-max: more open files of the host are reported.",
        ),
        integer_default(
            inotify::WATCHES,
            8192,
            "Watches: a limit of so many, or fewer, is reported.",
        ),
        integer_default(
            inotify::WATCHES_USED,
            80,
            "Per cent of the watches of inotify that a user may have: so many in use, or more, are reported.",
        ),
        integer_default(
            inotify::INSTANCES,
            80,
            "Per cent of the instances of inotify that a user may have: so many in use, or more, are reported.",
        ),
        integer_default(
            inotify::QUEUE,
            16_384,
            "Events: a shorter queue is reported.",
        ),
        integer_default(
            epoll::USED,
            80,
            "Per cent of fs.epoll.max_user_watches: more descriptors that a user's processes may be watching are reported.",
        ),
        integer_default(
            threads::USER,
            80,
            "Per cent of RLIMIT_NPROC: more threads of a user are reported.",
        ),
        integer_default(
            threads::GROUP,
            80,
            "Per cent of pids.max: more threads of a control group are reported.",
        ),
        integer_default(
            threads::HOST,
            80,
            "Per cent of kernel.pid_max or kernel.threads-max, whichever is less: more threads of the host are reported.",
        ),
        integer_default(
            mappings::USED,
            80,
            "Per cent of vm.max_map_count: more mappings of a process are reported.",
        ),
        integer_default(
            memory::AVAILABLE,
            10,
            "Per cent of the host's memory: less that is available is reported.",
        ),
        integer_default(
            memory::PRESSURE,
            10,
            "Per cent of the last five minutes: more in which all processes waited for memory is reported.",
        ),
        integer_default(
            memory::USED,
            90,
            "Per cent of the memory that a control group may use: more in use is reported.",
        ),
        integer_default(
            kernel::PROMISED,
            1024,
            "MiB: less memory that can still be promised, where the kernel promises no more than it has, is reported.",
        ),
        integer_default(
            kernel::RANDOMNESS,
            10,
            "Seconds: where the kernel had no randomness for longer after its start, programs that started before are reported.",
        ),
        integer_default(
            programs::ADDRESS_SPACE,
            1024,
            "MiB: less address space, or data, for a program of Go is reported.",
        ),
        integer_default(
            programs::LOCKED,
            65_536,
            "KiB: less memory that may be locked, by users of BPF or io_uring on old kernels, is reported.",
        ),
        integer_default(
            processors::THROTTLED,
            5,
            "Per cent of the periods: more in which a control group had to wait for processor time are reported.",
        ),
        integer_default(
            network::BACKLOG,
            1024,
            "Connections: a shorter queue of those that wait to be accepted is reported.",
        ),
        integer_default(
            network::PORTS,
            10_000,
            "Ports: fewer for connections to others are reported.",
        ),
        integer_default(
            network::PORTS_USED,
            80,
            "Per cent of the ports for connections to others: more connections in TIME_WAIT are reported.",
        ),
        integer_default(
            network::TRACKED,
            80,
            "Per cent of net.netfilter.nf_conntrack_max: more connections that are tracked are reported.",
        ),
        integer_default(
            space::LEFT,
            5,
            "Per cent of a file system: less that is free for everybody is reported.",
        ),
        integer_default(
            space::LEFT_MIB,
            100,
            "MiB: less that is free for everybody, in a large file system, is reported.",
        ),
        integer_default(
            space::LARGE_MIB,
            2048,
            "MiB: file systems of that size or more are large.",
        ),
        integer_default(
            space::FILES_LEFT,
            5,
            "Per cent of the files that a file system can hold: less that is left is reported.",
        ),
    ]
}
