// Generated from wit/0.2.0; regenerate with `cargo xtask bindings`.

declare module "casefile:contract" {
  import type { Absence } from "casefile";

  /**
   * A reference to one item of the snapshot's index: the evidence that a
   * fact came from. Policies get references only from getters and may cite
   * them in findings; they have no meaning outside one snapshot.
   */
  export type Evidence = number;

  /**
   * Why the content of an item is not known.
   */
  export type Reason =
    /**
     * The kernel refused to let the collector read it (EACCES, EPERM).
     */
    | "denied"
    /**
     * Reading took longer than the collector waits (a dead mount).
     */
    | "timed-out"
    /**
     * Larger than the collector takes.
     */
    | "too-large"
    /**
     * Hidden on the host, before it was written to the snapshot.
     */
    | "redacted"
    /**
     * The collector did not look for it.
     */
    | "not-collected"
    /**
     * Reading failed for another reason (EIO, ELOOP, ENOTDIR ...).
     */
    | "unreadable"
    /**
     * It was there and then was not: a process that ended meanwhile.
     */
    | "vanished"
    /**
     * Not a regular file: a FIFO, a socket, a device.
     */
    | "not-regular"
    /**
     * It was read, and is not what it should be: the fact has no value.
     */
    | "malformed"
    /**
     * Only a running kernel has it, and the snapshot is of an image.
     */
    | "needs-running-kernel";

  /**
   * What a rule says of one subject.
   */
  export type Outcome =
    /**
     * The subject is as it should be.
     */
    | "pass"
    /**
     * The subject is not as it should be.
     */
    | "fail"
    /**
     * Evidence is missing: neither.
     */
    | "unknown"
    /**
     * The rule does not concern this subject or this host.
     */
    | "not-applicable";

  /**
   * How much a failure matters, least first.
   */
  export type Severity =
    /**
     * Worth knowing; changes nothing.
     */
    | "info"
    /**
     * May matter later.
     */
    | "low"
    /**
     * Will matter under load, or soon.
     */
    | "medium"
    /**
     * Breaks a service.
     */
    | "high"
    /**
     * Breaks it now, or opens it to attack.
     */
    | "critical";

  /**
   * How sure a finding is.
   */
  export type Confidence =
    /**
     * Follows from the rules of the loader, the kernel or the runtime.
     */
    | "proven"
    /**
     * Follows from what was logged.
     */
    | "inferred"
    /**
     * A rule of thumb.
     */
    | "heuristic";

  /**
   * Which exit code `casefile preflight` gives when the rule fails.
   */
  export type ExitClass =
    /**
     * 10: network and HTTP tools.
     */
    | "network"
    /**
     * 20: certificates.
     */
    | "certificates"
    /**
     * 30: ELF, glibc, linking.
     */
    | "elf"
    /**
     * 40: limits and resources.
     */
    | "limits"
    /**
     * 50: mandatory access control.
     */
    | "access-control"
    /**
     * 60: units, files, ports.
     */
    | "unit"
    /**
     * 70: Go runtime configuration.
     */
    | "go-runtime";
  /**
   * The host as a whole: system, kernel, processors, memory.
   */
  export namespace host {

    /**
     * One assignment of os-release(5), unquoted.
     */
    export interface Assignment {
      /**
       * The variable: `ID`, `VERSION_ID` ...
       */
      name: string;
      /**
       * Its value.
       */
      value: string;
    }

    /**
     * os-release(5).
     */
    export interface OsRelease {
      /**
       * `ID`; `linux` where the file has none.
       */
      id: string;
      /**
       * `VERSION_ID`; empty where the file has none (rolling releases).
       */
      versionId: string;
      /**
       * `ID_LIKE`, split at blanks.
       */
      idLike: string[];
      /**
       * `PRETTY_NAME`; empty where the file has none.
       */
      prettyName: string;
      /**
       * Every assignment, in the file's order.
       */
      assignments: Assignment[];
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * The running kernel, from /proc/sys/kernel.
     */
    export interface Kernel {
      /**
       * `uname -r`: `6.1.0-18-amd64`.
       */
      release: string;
      /**
       * `uname -v`.
       */
      version: string;
      /**
       * Where the release was read.
       */
      evidence: Evidence;
    }

    /**
     * What kind of snapshot it is.
     */
    export type Kind =
      /**
       * A running host.
       */
      | "live"
      /**
       * A tree of files: an image, a chroot, a mounted disk.
       */
      | "image";

    /**
     * Memory in bytes, from /proc/meminfo.
     */
    export interface Memory {
      /**
       * `MemTotal`.
       */
      total: bigint;
      /**
       * `MemAvailable`.
       */
      available: bigint;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * The processors, from /proc/cpuinfo.
     */
    export interface Processors {
      /**
       * How many are online.
       */
      count: number;
      /**
       * Features of the first (`flags` or `Features`).
       */
      features: string[];
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * One mounted file system, from /proc/PID/mountinfo of the first process.
     */
    export interface Mount {
      /**
       * Where it is mounted.
       */
      point: string;
      /**
       * Its type: `ext4`, `tmpfs`, `nfs4`.
       */
      fileSystem: string;
      /**
       * What is mounted: a device, a server's export.
       */
      source: string;
      /**
       * Options of the mount, then of the file system.
       */
      options: string[];
    }

    /**
     * The mount table.
     */
    export interface Mounts {
      /**
       * In the kernel's order.
       */
      entries: Mount[];
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * A figure of /proc/meminfo.
     */
    export interface Figure {
      /**
       * In bytes; a bare number where the kernel prints no unit.
       */
      value: bigint;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * What processes wait for.
     */
    export type PressureKind =
      /**
       * The processor.
       */
      | "cpu"
      /**
       * Memory.
       */
      | "memory"
      /**
       * Reading and writing.
       */
      | "io";

    /**
     * How much time processes wait (/proc/pressure), in hundredths of a
     * percent.
     */
    export interface Pressure {
      /**
       * Some wait, of the last 10 seconds.
       */
      some10: number;
      /**
       * Some wait, of the last 300 seconds.
       */
      some300: number;
      /**
       * All wait, of the last 10 seconds.
       */
      full10: number;
      /**
       * All wait, of the last 300 seconds.
       */
      full300: number;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * A running host or an image.
     */
    function snapshotKind(): Kind;

    /**
     * The name of the machine's architecture as `uname -m` gives it:
     * `x86_64`, `aarch64`.
     * @throws {Absence} where the evidence is missing.
     */
    function architecture(): string;

    /**
     * /etc/os-release, else /usr/lib/os-release.
     * @throws {Absence} where the evidence is missing.
     */
    function os(): OsRelease;

    /**
     * The running kernel.
     * @throws {Absence} where the evidence is missing.
     */
    function runningKernel(): Kernel;

    /**
     * Memory of the whole host, not of a cgroup.
     * @throws {Absence} where the evidence is missing.
     */
    function memoryTotal(): Memory;

    /**
     * A figure of /proc/meminfo by its name: `CommitLimit`.
     * @throws {Absence} where the evidence is missing.
     */
    function memoryFigure(name: string): Figure;

    /**
     * How much time processes wait.
     * @throws {Absence} where the evidence is missing.
     */
    function getPressure(what: PressureKind): Pressure;

    /**
     * Processors online.
     * @throws {Absence} where the evidence is missing.
     */
    function cpu(): Processors;

    /**
     * Mounted file systems.
     * @throws {Absence} where the evidence is missing.
     */
    function mounted(): Mounts;
  }
  /**
   * Kernel settings under /proc/sys.
   */
  export namespace sysctl {

    /**
     * A setting's value.
     */
    export interface Setting {
      /**
       * The text without its last newline; several numbers are separated
       * by tabs, as the kernel prints them.
       */
      text: string;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * A setting that is one whole number.
     */
    export interface Number {
      /**
       * The number.
       */
      value: bigint;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * The setting by its sysctl(8) name (`fs.nr_open`, `net.core.somaxconn`)
     * or its path below /proc/sys (`net/ipv4/conf/eth0.1/rp_filter`), for
     * names in which a dot is no separator.
     * @throws {Absence} where the evidence is missing.
     */
    function get(name: string): Setting;

    /**
     * The same as a whole number; unknown (malformed) where it is none.
     * @throws {Absence} where the evidence is missing.
     */
    function getNumber(name: string): Number;

    /**
     * Names of the settings below a prefix (`net.ipv4`), as paths below
     * /proc/sys, sorted.
     * @throws {Absence} where the evidence is missing.
     */
    function names(prefix: string): string[];
  }
  /**
   * Processes: who they are, what they may use, what they have open.
   */
  export namespace process {

    /**
     * The four ids of a user or group: real, effective, saved, file system.
     */
    export type Ids = [number, number, number, number];

    /**
     * From /proc/PID/status and the link /proc/PID/exe.
     */
    export interface Status {
      /**
       * `Name`: the command, at most 15 bytes.
       */
      name: string;
      /**
       * The process that started it.
       */
      parent: number;
      /**
       * User ids.
       */
      uids: Ids;
      /**
       * Group ids.
       */
      gids: Ids;
      /**
       * Number of threads.
       */
      threads: number;
      /**
       * `CapEff` as a bit set.
       */
      effectiveCapabilities: bigint;
      /**
       * `CapBnd` as a bit set.
       */
      boundingCapabilities: bigint;
      /**
       * `NoNewPrivs` is set.
       */
      noNewPrivileges: boolean;
      /**
       * Whether it is a thread of the kernel (no memory of its own).
       */
      kernelThread: boolean;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * One line of /proc/PID/limits.
     */
    export interface Limit {
      /**
       * What the process has; none for unlimited.
       */
      soft: bigint | null;
      /**
       * What it may raise itself to; none for unlimited.
       */
      hard: bigint | null;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * The resources of getrlimit(2), in the order of /proc/PID/limits.
     */
    export type Limited =
      /**
       * RLIMIT_CPU, seconds.
       */
      | "cpu"
      /**
       * RLIMIT_FSIZE, bytes.
       */
      | "file-size"
      /**
       * RLIMIT_DATA, bytes.
       */
      | "data"
      /**
       * RLIMIT_STACK, bytes.
       */
      | "stack-size"
      /**
       * RLIMIT_CORE, bytes.
       */
      | "core"
      /**
       * RLIMIT_RSS, bytes; without effect.
       */
      | "resident-set"
      /**
       * RLIMIT_NPROC, threads of the real user id.
       */
      | "processes"
      /**
       * RLIMIT_NOFILE, descriptors.
       */
      | "open-files"
      /**
       * RLIMIT_MEMLOCK, bytes.
       */
      | "locked-memory"
      /**
       * RLIMIT_AS, bytes.
       */
      | "address-space"
      /**
       * RLIMIT_LOCKS.
       */
      | "file-locks"
      /**
       * RLIMIT_SIGPENDING, signals.
       */
      | "pending-signals"
      /**
       * RLIMIT_MSGQUEUE, bytes.
       */
      | "message-queues"
      /**
       * RLIMIT_NICE.
       */
      | "nice"
      /**
       * RLIMIT_RTPRIO.
       */
      | "real-time-priority"
      /**
       * RLIMIT_RTTIME, microseconds.
       */
      | "real-time-timeout";

    /**
     * Descriptors of one kind.
     */
    export interface DescriptorKind {
      /**
       * `file`, `socket`, `pipe`, `device`, or the kernel's name of an
       * anonymous inode: `anon_inode:inotify`, `anon_inode:[eventpoll]`.
       */
      kind: string;
      /**
       * How many.
       */
      count: bigint;
    }

    /**
     * What a process has open, from /proc/PID/fd.
     */
    export interface Descriptors {
      /**
       * How many in all.
       */
      open: bigint;
      /**
       * By kind, sorted by name.
       */
      kinds: DescriptorKind[];
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * The link /proc/PID/exe.
     */
    export interface Executable {
      /**
       * Its target, without the kernel's ` (deleted)`.
       */
      path: string;
      /**
       * The file was removed or replaced since the process started.
       */
      deleted: boolean;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * Memory of a process in bytes, from /proc/PID/status.
     */
    export interface Memory {
      /**
       * `VmSize`: address space.
       */
      virtual: bigint;
      /**
       * `VmRSS`: what is in memory.
       */
      resident: bigint;
      /**
       * `VmHWM`: the most that was in memory.
       */
      peakResident: bigint;
      /**
       * `VmSwap`.
       */
      swapped: bigint;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * Mappings of memory.
     */
    export interface Mappings {
      /**
       * How many: lines of /proc/PID/maps.
       */
      count: number;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * Watches of inotify that a process has.
     */
    export interface Watches {
      /**
       * How many, of all its instances: lines `inotify wd` of
       * /proc/PID/fdinfo.
       */
      count: bigint;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * When a process started, from /proc/PID/stat.
     */
    export interface Started {
      /**
       * Microseconds since the kernel started.
       */
      sinceBoot: bigint;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * Process ids above `after`, ascending, at most `limit` of them (the
     * engine gives no more than 1024): ask again with the last one.
     * @throws {Absence} where the evidence is missing.
     */
    function pids(after: number, limit: number): number[];

    /**
     * Name, ids, capabilities.
     * @throws {Absence} where the evidence is missing.
     */
    function getStatus(pid: number): Status;

    /**
     * One resource's limits.
     * @throws {Absence} where the evidence is missing.
     */
    function getLimit(pid: number, what: Limited): Limit;

    /**
     * What it has open.
     * @throws {Absence} where the evidence is missing.
     */
    function getDescriptors(pid: number): Descriptors;

    /**
     * The program that it runs. Threads of the kernel have none (absent).
     * @throws {Absence} where the evidence is missing.
     */
    function getExecutable(pid: number): Executable;

    /**
     * Its memory. Threads of the kernel have none (absent).
     * @throws {Absence} where the evidence is missing.
     */
    function getMemory(pid: number): Memory;

    /**
     * Its mappings.
     * @throws {Absence} where the evidence is missing.
     */
    function getMappings(pid: number): Mappings;

    /**
     * Its watches of inotify. Unknown where fdinfo could not be read.
     * @throws {Absence} where the evidence is missing.
     */
    function getWatches(pid: number): Watches;

    /**
     * When it started.
     * @throws {Absence} where the evidence is missing.
     */
    function getStarted(pid: number): Started;
  }
  /**
   * Control groups: where a process belongs, and what its group may use.
   */
  export namespace cgroup {

    /**
     * One line of /proc/PID/cgroup.
     */
    export interface Membership {
      /**
       * Hierarchy; 0 for version 2.
       */
      hierarchy: number;
      /**
       * Controllers of a version 1 hierarchy; empty for version 2.
       */
      controllers: string[];
      /**
       * The group's path in its hierarchy: `/system.slice/nginx.service`.
       */
      path: string;
    }

    /**
     * The groups of a process.
     */
    export interface Memberships {
      /**
       * In the kernel's order.
       */
      entries: Membership[];
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * A control file's text.
     */
    export interface Control {
      /**
       * Without its last newline: `max`, `100000 100000`.
       */
      text: string;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * Whose groups are meant.
     */
    export type Member =
      /**
       * Those of a process, of both versions.
       */
      | { kind: "process"; value: number }
      /**
       * A group of version 2 by its path.
       */
      | { kind: "group"; value: string };

    /**
     * What groups limit.
     */
    export type ResourceKind =
      /**
       * Memory in bytes: `memory.max`, `memory.limit_in_bytes`.
       */
      | "memory"
      /**
       * Memory in bytes above which the kernel slows down: `memory.high`.
       */
      | "memory-high"
      /**
       * Swap in bytes: `memory.swap.max`.
       */
      | "swap"
      /**
       * Processes and threads: `pids.max`.
       */
      | "pids"
      /**
       * Processor time in thousandths of a processor: `cpu.max`,
       * `cpu.cfs_quota_us`.
       */
      | "cpu";

    /**
     * What one group allows.
     */
    export interface Level {
      /**
       * Its path in its hierarchy.
       */
      group: string;
      /**
       * The version of the hierarchy: 1 or 2.
       */
      version: number;
      /**
       * The limit; none for unlimited.
       */
      limit: bigint | null;
      /**
       * What is used of it; none where the kernel does not say (`cpu`).
       */
      used: bigint | null;
      /**
       * Where the limit was read.
       */
      evidence: Evidence;
    }

    /**
     * What a group and all groups above it allow.
     */
    export interface Levels {
      /**
       * From the group itself up to the root; groups without the
       * controller are left out.
       */
      entries: Level[];
      /**
       * What could not be read of them.
       */
      unknown: Absence[];
    }

    /**
     * What happened in one group, those below it included.
     */
    export interface Event {
      /**
       * The group's path.
       */
      group: string;
      /**
       * `oom_kill`, `max`, `nr_throttled`, `nr_periods` ...
       */
      name: string;
      /**
       * How often, since the group was made.
       */
      count: bigint;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * The groups that a process belongs to.
     * @throws {Absence} where the evidence is missing.
     */
    function ofProcess(pid: number): Memberships;

    /**
     * A control file of a version 2 group: `get("/system.slice",
     * "pids.max")`. The root group has no limits (absent).
     * @throws {Absence} where the evidence is missing.
     */
    function get(group: string, file: string): Control;

    /**
     * What a process or group may use: all limits bind, the least of them
     * first. Absent where no hierarchy has the controller.
     * @throws {Absence} where the evidence is missing.
     */
    function limits(of: Member, what: ResourceKind): Levels;

    /**
     * What happened for want of a resource, from the group up to the root:
     * `memory.events` (`memory.oom_control` and `memory.failcnt` of version
     * 1), `pids.events`, `cpu.stat`.
     * @throws {Absence} where the evidence is missing.
     */
    function events(of: Member, what: ResourceKind): Event[];
  }
  /**
   * Programs and libraries, and what the loader makes of them.
   */
  export namespace elf {

    /**
     * A program that bears on the host, and why it was taken.
     */
    export interface Program {
      /**
       * Its path, symbolic links resolved.
       */
      path: string;
      /**
       * `named` (asked for by the user), `pid N`, `unit NAME`, or
       * `optional unit NAME`: the unit starts under conditions alone, or
       * goes on when the program can't be started.
       */
      origins: string[];
    }

    /**
     * What a file is to the loader.
     */
    export type FileKind =
      /**
       * An ELF file.
       */
      | "elf"
      /**
       * Begins with `#!`; the interpreter's path.
       */
      | { kind: "script"; value: string }
      /**
       * Something else.
       */
      | "other"
      /**
       * Begins as ELF, and is damaged; in which way.
       */
      | { kind: "malformed"; value: string };

    /**
     * ELF header, dynamic section and notes of a file.
     */
    export interface File {
      /**
       * What it is; for all but `elf` the other fields are empty.
       */
      kind: FileKind;
      /**
       * 32 or 64.
       */
      bits: number;
      /**
       * `e_machine`: 62 x86-64, 183 AArch64, 3 i386 ...
       */
      machine: number;
      /**
       * `e_type`: 2 executable, 3 shared object or PIE.
       */
      objectType: number;
      /**
       * PT_INTERP.
       */
      interpreter: string | null;
      /**
       * There is a dynamic section.
       */
      dynamic: boolean;
      /**
       * DT_NEEDED, in order.
       */
      needed: string[];
      /**
       * DT_SONAME.
       */
      soname: string | null;
      /**
       * DT_RPATH.
       */
      rpath: string | null;
      /**
       * DT_RUNPATH.
       */
      runpath: string | null;
      /**
       * GNU build-id, in hexadecimal.
       */
      buildId: string | null;
      /**
       * PT_GNU_STACK asks for an executable stack.
       */
      executableStack: boolean;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * The rule by which the loader found a library (ld.so(8)).
     */
    export type FoundBy =
      /**
       * Named by a path with a slash.
       */
      | "path"
      /**
       * LD_PRELOAD or /etc/ld.so.preload.
       */
      | "preload"
      /**
       * DT_RPATH of the object or of one that caused it to be loaded.
       */
      | "rpath"
      /**
       * LD_LIBRARY_PATH.
       */
      | "library-path"
      /**
       * DT_RUNPATH of the object.
       */
      | "runpath"
      /**
       * /etc/ld.so.cache.
       */
      | "cache"
      /**
       * A directory that is built into the loader.
       */
      | "system"
      /**
       * The program interpreter itself.
       */
      | "interpreter";

    /**
     * How a program is started, as far as the loader cares.
     */
    export interface Launch {
      /**
       * LD_LIBRARY_PATH.
       */
      libraryPath?: string | null;
      /**
       * LD_PRELOAD.
       */
      preload?: string | null;
      /**
       * Whether the kernel asks the loader to be careful (AT_SECURE), where
       * it is known from elsewhere; none where the program's file decides:
       * its set-id bits and capabilities.
       */
      secure?: boolean | null;
      /**
       * The current directory, against which relative paths are read.
       */
      workingDirectory?: string | null;
    }

    /**
     * A library that was loaded.
     */
    export interface Loaded {
      /**
       * As it stands in DT_NEEDED, or in a list of preloaded objects.
       */
      name: string;
      /**
       * The path that the loader opens, links not resolved.
       */
      path: string;
      /**
       * The path of the object that first needed it.
       */
      neededBy: string;
      /**
       * The rule that found it.
       */
      foundBy: FoundBy;
      /**
       * The element of the search path that found it, as it is written
       * (`$ORIGIN/../lib`); none where no path was searched.
       */
      element: string | null;
      /**
       * The directory below the element that is for this processor:
       * `glibc-hwcaps/x86-64-v3`.
       */
      subdirectory: string | null;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * Why the loader stops, or what it lacks.
     */
    export type Problem =
      /**
       * No file by that name on the search path.
       */
      | "not-found"
      /**
       * Found only with another class (`ELFCLASS32`), or another machine.
       */
      | { kind: "wrong-architecture"; value: string }
      /**
       * A file on the search path that stops the search (not ELF,
       * damaged), in the loader's words.
       */
      | { kind: "invalid"; value: string }
      /**
       * It needs a level of x86-64 that the processor does not have.
       */
      | { kind: "isa-level"; value: string };

    /**
     * A library that would not load.
     */
    export interface Unresolved {
      /**
       * As it stands in DT_NEEDED.
       */
      name: string;
      /**
       * The path of the object that needs it.
       */
      neededBy: string;
      /**
       * What is wrong.
       */
      problem: Problem;
    }

    /**
     * A version that no loaded object defines.
     */
    export interface VersionMissing {
      /**
       * The version: `GLIBC_2.38`.
       */
      version: string;
      /**
       * The library that should define it: `libc.so.6`.
       */
      library: string;
      /**
       * The path by which it was loaded.
       */
      libraryPath: string;
      /**
       * The path of the object that needs it.
       */
      neededBy: string;
      /**
       * The need is weak: the loader only warns.
       */
      weak: boolean;
    }

    /**
     * Why a library is found today, and might not be tomorrow.
     */
    export type Fragility =
      /**
       * No search path of the object that needs it leads there: another
       * object happens to have been loaded under that name before.
       */
      | "already-loaded"
      /**
       * It lies under the current directory.
       */
      | "relative";

    /**
     * A library that is found by chance.
     */
    export interface Fragile {
      /**
       * As it stands in DT_NEEDED.
       */
      name: string;
      /**
       * The path of the object that needs it.
       */
      neededBy: string;
      /**
       * The path that is loaded.
       */
      path: string;
      /**
       * Why it is fragile.
       */
      why: Fragility;
    }

    /**
     * What is wrong with an element of a search path.
     */
    export type Risk =
      /**
       * It is empty, which stands for the current directory.
       */
      | "empty"
      /**
       * It is relative to the current directory.
       */
      | "relative"
      /**
       * Everybody may write into the directory.
       */
      | "world-writable"
      /**
       * Neither root nor the owner of the program owns the directory.
       */
      | "foreign-owner";

    /**
     * An element of a search path into which others may put a library.
     */
    export interface Insecure {
      /**
       * As it is written.
       */
      element: string;
      /**
       * The path list that it stands in.
       */
      list: FoundBy;
      /**
       * The object whose list it is; the program for LD_LIBRARY_PATH.
       */
      object: string;
      /**
       * What is wrong.
       */
      risk: Risk;
    }

    /**
     * Which loader's rules were followed.
     */
    export type Loader =
      /**
       * GNU libc.
       */
      | "glibc"
      /**
       * musl libc.
       */
      | "musl"
      /**
       * No loader: a static program.
       */
      | "none";

    /**
     * What the loader would do with a program, in its own order.
     */
    export interface Resolution {
      /**
       * Which loader's rules were followed.
       */
      loader: Loader;
      /**
       * Its release, as far as its file tells: `2.36`, `1.2.3`.
       */
      loaderVersion: string | null;
      /**
       * PT_INTERP, where there is one.
       */
      interpreter: string | null;
      /**
       * The loader is careful (AT_SECURE): what the environment says of
       * libraries is ignored.
       */
      secure: boolean;
      /**
       * The libraries, in load order, without the program.
       */
      objects: Loaded[];
      /**
       * The libraries that would not load.
       */
      missing: Unresolved[];
      /**
       * Versions that are not defined.
       */
      versions: VersionMissing[];
      /**
       * What the loader prints before it ends the program, of the first
       * thing that stops it; none where it starts the program, and where
       * what is unknown may come first.
       */
      stops: string | null;
      /**
       * What it prints, and goes on.
       */
      warnings: string[];
      /**
       * Libraries that are found by chance.
       */
      fragile: Fragile[];
      /**
       * Elements of search paths into which others may write.
       */
      insecure: Insecure[];
      /**
       * What could not be decided, for lack of evidence.
       */
      unknown: Absence[];
      /**
       * Why it is not known whether the processor is one that objects need.
       */
      unknownLevels: Absence[];
      /**
       * Elements of search paths of which it is not known who may write to
       * them.
       */
      unknownRisks: Absence[];
      /**
       * All that was consulted, the program itself last.
       */
      evidence: Evidence[];
    }

    /**
     * A version that a file needs.
     */
    export interface VersionNeed {
      /**
       * The library that should define it: `libc.so.6`.
       */
      library: string;
      /**
       * The version: `GLIBC_2.34`.
       */
      version: string;
      /**
       * The loader only warns.
       */
      weak: boolean;
    }

    /**
     * A section of a file.
     */
    export interface Section {
      /**
       * Its name.
       */
      name: string;
      /**
       * `sh_type`.
       */
      kind: number;
      /**
       * `sh_flags`.
       */
      flags: bigint;
      /**
       * Its address; 0 where it is not loaded.
       */
      address: bigint;
      /**
       * Its size in bytes.
       */
      size: bigint;
    }

    /**
     * What a file says that it opens by itself (.note.dlopen, UAPI.16).
     */
    export interface DlopenNote {
      /**
       * The feature that needs it; empty where it is not named.
       */
      feature: string;
      /**
       * What it is for; empty where it is not said.
       */
      description: string;
      /**
       * `required`, `recommended` or `suggested`.
       */
      priority: string;
      /**
       * The names, of which the first that is there is opened.
       */
      sonames: string[];
    }

    /**
     * /etc/ld.so.cache.
     */
    export interface Cache {
      /**
       * How many entries, of all architectures.
       */
      entries: number;
      /**
       * Who made it: `ldconfig (Debian GLIBC 2.36-9) ... 2.36`; empty
       * where it does not say.
       */
      generator: string;
      /**
       * Directories for processors that it knows: `x86-64-v3`.
       */
      hwcaps: string[];
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * How an entry of the cache is out of date.
     */
    export type Staleness =
      /**
       * Its file is not there.
       */
      | "missing"
      /**
       * A library lies in a directory that the cache is made of, and has
       * no entry.
       */
      | "unlisted";

    /**
     * An entry that is out of date.
     */
    export interface StaleEntry {
      /**
       * The library's name.
       */
      name: string;
      /**
       * The path of its file.
       */
      path: string;
      /**
       * How it is out of date.
       */
      how: Staleness;
    }

    /**
     * The programs of the snapshot, sorted by path, from index `offset`, at
     * most `limit` of them (the engine gives no more than 1024).
     * @throws {Absence} where the evidence is missing.
     */
    function programs(offset: number, limit: number): Program[];

    /**
     * What a file is. Links are followed.
     * @throws {Absence} where the evidence is missing.
     */
    function getFile(path: string): File;

    /**
     * What the loader would do with a program when it is started so; none
     * stands for an empty environment. An absent interpreter is an absence
     * with its path.
     * @throws {Absence} where the evidence is missing.
     */
    function resolve(path: string, launch?: Launch | null): Resolution;

    /**
     * The same of a start, by its index in the list of `start.starts`, with
     * its environment, user and directory. Unknown where these are not known
     * and matter.
     * @throws {Absence} where the evidence is missing.
     */
    function resolveStart(index: number): Resolution;

    /**
     * The versions that a file needs.
     * @throws {Absence} where the evidence is missing.
     */
    function versionNeeds(path: string): VersionNeed[];

    /**
     * The versions that a file defines.
     * @throws {Absence} where the evidence is missing.
     */
    function versionDefinitions(path: string): string[];

    /**
     * The sections of a file, in its order; empty where it has no table.
     * @throws {Absence} where the evidence is missing.
     */
    function sections(path: string): Section[];

    /**
     * What a file says that it opens by dlopen(3), in its notes.
     * @throws {Absence} where the evidence is missing.
     */
    function dlopenNotes(path: string): DlopenNote[];

    /**
     * The loader's cache.
     * @throws {Absence} where the evidence is missing.
     */
    function getCache(): Cache;

    /**
     * Where the cache differs from the file system, by name, from index
     * `offset`, at most `limit` (the engine gives no more than 1024).
     * @throws {Absence} where the evidence is missing.
     */
    function staleEntries(offset: number, limit: number): StaleEntry[];
  }
  /**
   * What the host starts: one list of the programs that run, that units start,
   * or that the user has named. When one program is judged (`casefile why`),
   * it alone is in the list.
   */
  export namespace start {

    /**
     * Why a program is in the list.
     */
    export type Origin =
      /**
       * The user has named it.
       */
      | "named"
      /**
       * It runs, as this process.
       */
      | { kind: "process"; value: number }
      /**
       * A unit of systemd starts it.
       */
      | { kind: "unit"; value: string }
      /**
       * A unit starts it under conditions alone, or goes on when the
       * program can't be started.
       */
      | { kind: "optional-unit"; value: string };

    /**
     * One start of a program, as it happened or would happen.
     */
    export interface Start {
      /**
       * Its place in the list, from 0, by which it is asked for elsewhere:
       * `environment.of-start`, `elf.resolve-start`.
       */
      index: number;
      /**
       * The program's path, symbolic links resolved.
       */
      program: string;
      /**
       * Why it is in the list.
       */
      origin: Origin;
      /**
       * The real user id; none where it is not known.
       */
      uid: number | null;
      /**
       * Its group in the hierarchy of version 2 (`/system.slice/a.service`);
       * none where it is not known or there is no such hierarchy.
       */
      cgroup: string | null;
      /**
       * The current directory, against which relative paths are read;
       * none where it is not known.
       */
      workingDirectory: string | null;
    }

    /**
     * A process of which the program is not known.
     */
    export interface Hidden {
      /**
       * The process.
       */
      pid: number;
      /**
       * Why its program is not known.
       */
      absence: Absence;
    }

    /**
     * What is judged.
     */
    export type Scope =
      /**
       * The host, with all that it starts.
       */
      | "host"
      /**
       * One program: what has nothing to do with it does not concern the
       * user.
       */
      | "program";

    /**
     * What is judged: the host or one program.
     */
    function getScope(): Scope;

    /**
     * The starts from index `offset`, sorted by program, then by origin; at
     * most `limit` of them (the engine gives no more than 1024).
     * @throws {Absence} where the evidence is missing.
     */
    function starts(offset: number, limit: number): Start[];

    /**
     * The processes whose program is not known, by process id, from index
     * `offset`, at most `limit` (no more than 1024). Threads of the kernel
     * and processes that ended meanwhile are not among them. Unknown where
     * it is not known which processes there are; empty for an image.
     * @throws {Absence} where the evidence is missing.
     */
    function hiddenProcesses(offset: number, limit: number): Hidden[];
  }
  /**
   * Programs that were built by Go, from their build information and tables.
   */
  export namespace goBinary {

    /**
     * A module, as `go version -m` lists it.
     */
    export interface Module {
      /**
       * Its path: `golang.org/x/net`.
       */
      path: string;
      /**
       * Its version: `v0.30.0`, `(devel)`; empty where there is none.
       */
      version: string;
      /**
       * Its checksum; empty where there is none.
       */
      sum: string;
      /**
       * Path and version of the module that replaces it.
       */
      replacedBy: [string, string] | null;
    }

    /**
     * A setting of the build: `CGO_ENABLED`, `-ldflags`, `vcs.modified`.
     */
    export interface Setting {
      /**
       * Its key.
       */
      key: string;
      /**
       * Its value, unquoted.
       */
      value: string;
    }

    /**
     * How the program was linked: what it needs to start.
     */
    export type LinkKind =
      /**
       * By Go's own linker, without a loader.
       */
      | "static-internal"
      /**
       * By the C linker with -static: no loader, C code inside.
       */
      | "static-external"
      /**
       * Static and position-independent: no loader.
       */
      | "static-pie"
      /**
       * Position-independent and without a library, but with an
       * interpreter: the loader's file must be there.
       */
      | "loader-only"
      /**
       * With glibc.
       */
      | "dynamic-glibc"
      /**
       * With musl.
       */
      | "dynamic-musl"
      /**
       * With libraries, of which none is a known C library.
       */
      | "dynamic-other"
      /**
       * A plugin or a shared library (-buildmode=plugin, c-shared).
       */
      | "shared-library";

    /**
     * A program of Go.
     */
    export interface Program {
      /**
       * Go's version, as it stands in the program: `go1.27.3`.
       */
      version: string;
      /**
       * The path of the main package; empty where it is not recorded.
       */
      path: string;
      /**
       * The main module; none where it is not recorded.
       */
      main: Module | null;
      /**
       * Settings of the build, in order. Builds with -trimpath record no
       * flags.
       */
      settings: Setting[];
      /**
       * How it was linked.
       */
      link: LinkKind;
      /**
       * The linker as far as it shows (`GNU ld`, `GNU gold`, `LLD`,
       * `mold`); none for Go's own and where nothing shows it.
       */
      linker: string | null;
      /**
       * There is neither a symbol table nor debug information.
       */
      stripped: boolean;
      /**
       * How many functions its table has; none where the table could not
       * be read: `functions` and `calls` say why.
       */
      functionCount: number | null;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * A function with code of its own. What is inlined everywhere has none.
     */
    export interface Function {
      /**
       * Its name as the linker knows it: `net/http.(*Client).Do`.
       */
      name: string;
      /**
       * The path of its package: `net/http`.
       */
      package: string;
      /**
       * Its package belongs to the main module.
       */
      inMainModule: boolean;
    }

    /**
     * Which functions; all that is given must match.
     */
    export interface FunctionFilter {
      /**
       * The whole name.
       */
      name?: string | null;
      /**
       * The path of the package.
       */
      package?: string | null;
      /**
       * Those of the main module alone.
       */
      inMainModule: boolean;
    }

    /**
     * What shows that a function calls another.
     */
    export type Proof =
      /**
       * The callee's body is part of the caller's (inline tree).
       */
      | "inlined"
      /**
       * An instruction of the caller calls the callee.
       */
      | "direct";

    /**
     * A call that is proven. Calls through interfaces and closures do not
     * show: that there is none proves nothing.
     */
    export interface Call {
      /**
       * The function whose source has the call.
       */
      caller: string;
      /**
       * The function that is called.
       */
      callee: string;
      /**
       * What shows it.
       */
      proof: Proof;
      /**
       * The caller belongs to the main module.
       */
      fromMainModule: boolean;
    }

    /**
     * Which calls; all that is given must match.
     */
    export interface CallFilter {
      /**
       * The path of the caller's package.
       */
      callerPackage?: string | null;
      /**
       * The whole name of the callee.
       */
      callee?: string | null;
      /**
       * Calls of the main module alone.
       */
      fromMainModule: boolean;
    }

    /**
     * What the program says of itself. Absent where the file was not built
     * by Go; an absent file is absent with its path.
     * @throws {Absence} where the evidence is missing.
     */
    function get(path: string): Program;

    /**
     * The modules that it was built from, the main module left out, in the
     * order of the build information, from index `offset`, at most `limit`
     * (the engine gives no more than 1024).
     * @throws {Absence} where the evidence is missing.
     */
    function dependencies(path: string, offset: number, limit: number): Module[];

    /**
     * Functions by address, from index `offset` of those that match, at
     * most `limit` (no more than 1024).
     * @throws {Absence} where the evidence is missing.
     */
    function functions(path: string, filter: FunctionFilter, offset: number, limit: number): Function[];

    /**
     * Calls that are proven, sorted by caller and callee, from index
     * `offset` of those that match, at most `limit` (no more than 1024).
     * Callers outside of the main module are unknown where the collector
     * did not take them.
     * @throws {Absence} where the evidence is missing.
     */
    function calls(path: string, filter: CallFilter, offset: number, limit: number): Call[];
  }
  /**
   * Packages that are installed, from the databases of dpkg, rpm and apk.
   */
  export namespace packageDb {

    /**
     * Whose database it is, and how its versions are compared.
     */
    export type Manager =
      /**
       * Debian, Ubuntu (deb-version(7)).
       */
      | "dpkg"
      /**
       * Fedora, Red Hat, SUSE (rpm-version(7)).
       */
      | "rpm"
      /**
       * Alpine (apk-tools).
       */
      | "apk";

    /**
     * A database that was read.
     */
    export interface Database {
      /**
       * Whose it is.
       */
      manager: Manager;
      /**
       * Its path; a directory where it is one.
       */
      path: string;
      /**
       * How many packages are installed.
       */
      packages: number;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * A package that is installed.
     */
    export interface Package {
      /**
       * Its name.
       */
      name: string;
      /**
       * Epoch, version and release as the manager writes them:
       * `1:2.36-9+deb12u4`.
       */
      version: string;
      /**
       * Its architecture: `amd64`, `noarch`.
       */
      architecture: string;
      /**
       * The source package that it was built from; its own name where
       * nothing else is recorded.
       */
      source: string;
      /**
       * Whose package it is.
       */
      manager: Manager;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * The order of two versions.
     */
    export type Order =
      /**
       * The first is older.
       */
      | "older"
      /**
       * Neither is older.
       */
      | "same"
      /**
       * The first is newer.
       */
      | "newer";

    /**
     * The databases of the host. Proven absent where there is none.
     * @throws {Absence} where the evidence is missing.
     */
    function databases(): Database[];

    /**
     * Installed packages of a name: several of different architectures or
     * versions. Absent where the databases were read and have none.
     * @throws {Absence} where the evidence is missing.
     */
    function find(name: string): Package[];

    /**
     * Installed packages by name, from index `offset`, at most `limit` (the
     * engine gives no more than 1024).
     * @throws {Absence} where the evidence is missing.
     */
    function packages(offset: number, limit: number): Package[];

    /**
     * The package that a file of a program or library belongs to. Absent
     * where the databases have all lists of files and none names it; unknown
     * where such a list was not collected.
     * @throws {Absence} where the evidence is missing.
     */
    function owner(path: string): Package;

    /**
     * Compares versions as a manager does.
     */
    function compare(manager: Manager, first: string, second: string): Order;
  }
  /**
   * Tools of the command line that speak HTTP, and the TLS library that each
   * has, from their files and packages alone: none is run.
   */
  export namespace tools {

    /**
     * A library that speaks TLS.
     */
    export interface TlsLibrary {
      /**
       * `OpenSSL`, `GnuTLS`, `wolfSSL`, `mbedTLS`, `NSS`, `BoringSSL`,
       * `LibreSSL`, `rustls`.
       */
      name: string;
      /**
       * The file.
       */
      path: string;
      /**
       * The version that the file names in itself: `3.0.15`; none where
       * none was found.
       */
      version: string | null;
      /**
       * The package that it belongs to, as `name version`; none where no
       * database says.
       */
      package: string | null;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * A tool.
     */
    export interface Tool {
      /**
       * The name that it is called by: `curl`.
       */
      name: string;
      /**
       * Its file, links resolved.
       */
      path: string;
      /**
       * Its version: of its package without the packaging's part, else
       * what its file says; none where nothing says.
       */
      version: string | null;
      /**
       * The package that it belongs to, as `name version`.
       */
      package: string | null;
      /**
       * The libraries that speak TLS among those that it loads; empty
       * where it has none that is known.
       */
      tls: TlsLibrary[];
      /**
       * What could not be decided, for lack of evidence.
       */
      unknown: Absence[];
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * The names that are looked for, sorted: `curl`, `openssl`, `wget` ...
     */
    function names(): string[];

    /**
     * The tool of a name: the first on the usual search path
     * (/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin).
     * Absent where no directory of it has one.
     * @throws {Absence} where the evidence is missing.
     */
    function get(name: string): Tool;
  }
  /**
   * The kernel's log, as far as it was there to be read: /dev/kmsg or its
   * saved form, else the tails of log files.
   */
  export namespace kernelLog {

    /**
     * What of the log there is.
     */
    export interface Coverage {
      /**
       * It reaches back to the start of the running kernel.
       */
      sinceBoot: boolean;
      /**
       * How many lines.
       */
      lines: number;
      /**
       * How many of them were hidden (the kernel's command line).
       */
      hidden: number;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * One line.
     */
    export interface Line {
      /**
       * Seconds since the kernel started, in microseconds; none where the
       * source has none.
       */
      sinceBoot: bigint | null;
      /**
       * The message, without priority and time.
       */
      text: string;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * A process that the kernel killed for want of memory.
     */
    export interface MemoryKill {
      /**
       * Microseconds since the kernel started; none where it is not known.
       */
      sinceBoot: bigint | null;
      /**
       * The process; ids are of the first namespace.
       */
      pid: number;
      /**
       * Its command, at most 15 bytes.
       */
      name: string;
      /**
       * Its user; none where the line has none.
       */
      uid: number | null;
      /**
       * The group whose limit was reached: none where the whole host had
       * no memory, or the line that tells is missing.
       */
      limitedGroup: string | null;
      /**
       * The group of the process; none where the line is missing.
       */
      group: string | null;
      /**
       * Anonymous memory that it had in bytes; none where it is not told.
       */
      anonymous: bigint | null;
      /**
       * Whether a limit of a group was reached, and not that of the host.
       */
      inGroup: boolean;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * What of the log there is.
     * @throws {Absence} where the evidence is missing.
     */
    function getCoverage(): Coverage;

    /**
     * Lines that have a text in them, the oldest first, from index `offset`
     * of those, at most `limit` (the engine gives no more than 1024). An
     * empty text is in every line.
     * @throws {Absence} where the evidence is missing.
     */
    function lines(containing: string, offset: number, limit: number): Line[];

    /**
     * Processes that were killed for want of memory, the oldest first, from
     * index `offset`, at most `limit` (no more than 1024).
     * @throws {Absence} where the evidence is missing.
     */
    function memoryKills(offset: number, limit: number): MemoryKill[];
  }
  /**
   * The network of the collector's namespace: counters, and who listens.
   */
  export namespace network {

    /**
     * A count of the kernel's.
     */
    export interface Counter {
      /**
       * How many; of its counters, since the namespace was made.
       */
      value: bigint;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * How many sockets of TCP are in a state.
     */
    export interface StateCount {
      /**
       * `ESTABLISHED`, `TIME_WAIT`, `LISTEN` ...
       */
      state: string;
      /**
       * How many, of both IP versions.
       */
      count: number;
    }

    /**
     * Sockets of TCP.
     */
    export interface Sockets {
      /**
       * By state, sorted by name; states without a socket are left out.
       */
      states: StateCount[];
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * A socket that waits for connections or datagrams.
     */
    export interface Listener {
      /**
       * `tcp`, `tcp6`, `udp`, `udp6`.
       */
      protocol: string;
      /**
       * `0.0.0.0`, `127.0.0.1`, `::`.
       */
      address: string;
      /**
       * Its port.
       */
      port: number;
      /**
       * It can be reached from the host alone (127.0.0.0/8, ::1).
       */
      loopback: boolean;
      /**
       * The processes that have it open, as far as that could be read.
       */
      pids: number[];
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * A counter of /proc/net/netstat or /proc/net/snmp, as nstat(8) names
     * it: `TcpExtListenOverflows`, `TcpAttemptFails`.
     * @throws {Absence} where the evidence is missing.
     */
    function getCounter(name: string): Counter;

    /**
     * Sockets of TCP by state.
     * @throws {Absence} where the evidence is missing.
     */
    function getSockets(): Sockets;

    /**
     * How many sockets of TCP in TIME_WAIT one local address has to one
     * remote address and port, where it has the most: so many local ports
     * can't be used for another connection there (tcp(7)). Which one it is
     * stays on the host.
     * @throws {Absence} where the evidence is missing.
     */
    function getMostWaiting(): Counter;

    /**
     * Who listens, sorted by protocol, port and address, from index
     * `offset`, at most `limit` (the engine gives no more than 1024).
     * @throws {Absence} where the evidence is missing.
     */
    function listeners(offset: number, limit: number): Listener[];
  }
  /**
   * Certificates that programs on the host trust.
   */
  export namespace trust {

    /**
     * How a store keeps its certificates.
     */
    export type StoreKind =
      /**
       * One file with many.
       */
      | "bundle"
      /**
       * A directory with a file for each.
       */
      | "directory";

    /**
     * A place where libraries look for trust anchors.
     */
    export interface Store {
      /**
       * Its path, as libraries name it.
       */
      path: string;
      /**
       * A bundle or a directory.
       */
      kind: StoreKind;
      /**
       * The file or directory behind it, links resolved.
       */
      realPath: string;
      /**
       * How many certificates it holds.
       */
      certificates: number;
      /**
       * How many PEM blocks are no certificate that parses, and how many
       * files are DER where only PEM is read.
       */
      unparsable: number;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * A public key.
     */
    export type Key =
      /**
       * RSA: bits of the modulus, and the exponent in hexadecimal.
       */
      | { kind: "rsa"; value: [number, string] }
      /**
       * Elliptic curve: the curve's name (`P-256`) or object identifier, and bits.
       */
      | { kind: "elliptic"; value: [string, number] }
      /**
       * Elliptic curve with explicit parameters.
       */
      | "elliptic-explicit"
      /**
       * DSA: bits.
       */
      | { kind: "dsa"; value: number }
      /**
       * Ed25519, Ed448.
       */
      | { kind: "edwards"; value: string }
      /**
       * Another algorithm, by object identifier.
       */
      | { kind: "other"; value: string };

    /**
     * Whether a certificate is signed with its own key.
     */
    export type SelfSignature =
      /**
       * Subject and issuer are equal, and the signature verifies.
       */
      | "verified"
      /**
       * Subject and issuer are equal, and the signature is by another key.
       */
      | "wrong"
      /**
       * Subject and issuer differ.
       */
      | "not-self-issued"
      /**
       * Subject and issuer are equal; the algorithm can't be verified here.
       */
      | "unsupported";

    /**
     * One certificate of a store.
     */
    export interface Certificate {
      /**
       * The file that holds it, links resolved.
       */
      path: string;
      /**
       * Its place among the PEM blocks of the file, from 0.
       */
      position: number;
      /**
       * SHA-256 of its DER, in hexadecimal.
       */
      fingerprint: string;
      /**
       * SHA-256 of its SubjectPublicKeyInfo, in hexadecimal.
       */
      keyFingerprint: string;
      /**
       * Subject, as RFC 4514 writes it.
       */
      subject: string;
      /**
       * Issuer, as RFC 4514 writes it.
       */
      issuer: string;
      /**
       * Serial number in hexadecimal.
       */
      serial: string;
      /**
       * notBefore, in seconds since 1970-01-01 UTC.
       */
      notBefore: bigint;
      /**
       * notAfter, in seconds since 1970-01-01 UTC.
       */
      notAfter: bigint;
      /**
       * X.509 version: 1, 2 or 3.
       */
      version: number;
      /**
       * BasicConstraints: cA; none where the extension is missing.
       */
      authority: boolean | null;
      /**
       * The public key.
       */
      key: Key;
      /**
       * Signature algorithm, by its usual name: `sha256WithRSAEncryption`,
       * else by object identifier.
       */
      signature: string;
      /**
       * Whether it is signed with its own key.
       */
      selfSigned: SelfSignature;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * The stores of the host: those that exist, and an absence for each
     * whose state is not known. Stores that are proven absent are left out.
     */
    export interface Stores {
      /**
       * Those that could be read.
       */
      known: Store[];
      /**
       * Those that could not.
       */
      unknown: Absence[];
    }

    /**
     * The way in which a distribution keeps trust.
     */
    export type LayoutKind =
      /**
       * update-ca-certificates of Debian and Ubuntu, and Alpine's.
       */
      | "debian"
      /**
       * update-ca-trust of Red Hat and Fedora.
       */
      | "red-hat"
      /**
       * update-ca-certificates of SUSE.
       */
      | "suse"
      /**
       * trust extract-compat of Arch.
       */
      | "arch"
      /**
       * Alpine.
       */
      | "alpine"
      /**
       * None of these.
       */
      | "other";

    /**
     * How this host keeps trust.
     */
    export interface Layout {
      /**
       * Whose way it is.
       */
      kind: LayoutKind;
      /**
       * OPENSSLDIR: `/usr/lib/ssl`.
       */
      opensslDirectory: string;
      /**
       * The file that GnuTLS reads, or `pkcs11:`.
       */
      gnutlsSource: string;
      /**
       * Where it was read: os-release, or what stands on the host.
       */
      evidence: Evidence;
    }

    /**
     * A library that verifies certificates.
     */
    export type Library =
      /**
       * crypto/x509 of Go.
       */
      | "go"
      /**
       * OpenSSL.
       */
      | "openssl"
      /**
       * GnuTLS.
       */
      | "gnutls";

    /**
     * Which pool.
     */
    export interface PoolRequest {
      /**
       * Whose.
       */
      library: Library;
      /**
       * For Go, its release: `go1.22`; the newest that is known where
       * none is given.
       */
      version?: string | null;
      /**
       * SSL_CERT_FILE.
       */
      certificateFile?: string | null;
      /**
       * SSL_CERT_DIR.
       */
      certificateDirectory?: string | null;
    }

    /**
     * A place that a library reads for its pool.
     */
    export interface PoolSource {
      /**
       * As the library names it.
       */
      path: string;
      /**
       * A bundle or a directory.
       */
      kind: StoreKind;
      /**
       * Something was read there.
       */
      present: boolean;
      /**
       * How many certificates it adds to those before it.
       */
      added: number;
    }

    /**
     * What a library trusts on this host.
     */
    export interface Pool {
      /**
       * How many certificates.
       */
      count: number;
      /**
       * Where it looks, in its order.
       */
      sources: PoolSource[];
      /**
       * How many certificates it can't use.
       */
      rejected: number;
      /**
       * What could not be decided, for lack of evidence.
       */
      unknown: Absence[];
    }

    /**
     * A certificate of a pool.
     */
    export interface PoolCertificate {
      /**
       * SHA-256 of its DER, in hexadecimal.
       */
      fingerprint: string;
      /**
       * Subject, as RFC 4514 writes it.
       */
      subject: string;
      /**
       * The file by which it came in first, links resolved.
       */
      path: string;
      /**
       * Its place among the PEM blocks of the file, from 0.
       */
      position: number;
      /**
       * Why the library can't use it; none where it can.
       */
      rejected: string | null;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * What a certificate says beside its names and dates.
     */
    export interface Details {
      /**
       * Bits of KeyUsage, by RFC 5280's names; none where the extension
       * is missing.
       */
      keyUsage: string[] | null;
      /**
       * Purposes of ExtendedKeyUsage (`serverAuth`, else the identifier);
       * none where the extension is missing.
       */
      extendedKeyUsage: string[] | null;
      /**
       * pathLenConstraint.
       */
      pathLength: number | null;
      /**
       * SubjectAltName: `DNS:example.org`, `IP:192.0.2.1`.
       */
      alternativeNames: string[];
      /**
       * NameConstraints, permitted.
       */
      permitted: string[];
      /**
       * NameConstraints, excluded.
       */
      excluded: string[];
      /**
       * Identifiers of critical extensions that are not known.
       */
      unknownCritical: string[];
      /**
       * Where it departs from strict DER or RFC 5280, in words.
       */
      departures: string[];
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * Mozilla's list, as it is known to the engine.
     */
    export interface KnownRoots {
      /**
       * Its date, in seconds since 1970-01-01 UTC.
       */
      date: bigint;
      /**
       * How many roots it has.
       */
      count: number;
    }

    /**
     * A root of Mozilla's list.
     */
    export interface KnownRoot {
      /**
       * SHA-256 of its DER, in hexadecimal.
       */
      fingerprint: string;
      /**
       * Subject, as RFC 4514 writes it.
       */
      subject: string;
      /**
       * Certificates that it issues from then on are not to be trusted;
       * seconds since 1970-01-01 UTC.
       */
      distrustAfter: bigint | null;
    }

    /**
     * How sources of trust and what was made of them differ.
     */
    export type DriftKind =
      /**
       * A source is not in the bundle.
       */
      | "not-in-bundle"
      /**
       * A certificate of the bundle has no source.
       */
      | "without-source"
      /**
       * The bundle is older than a source.
       */
      | "stale"
      /**
       * A file among the sources is ignored by the distribution's tool.
       */
      | "ignored"
      /**
       * A file was put where the tool writes, and will be overwritten.
       */
      | "overwritten"
      /**
       * A certificate is in the directory alone, and not in the bundle.
       */
      | "directory-only"
      /**
       * A hash link is missing, or hides others by a gap.
       */
      | "hash-link";

    /**
     * One difference.
     */
    export interface Drift {
      /**
       * How they differ.
       */
      kind: DriftKind;
      /**
       * The file.
       */
      path: string;
      /**
       * Subject of the certificate that it is about; empty for files.
       */
      subject: string;
      /**
       * In words.
       */
      detail: string;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * How this host keeps trust.
     * @throws {Absence} where the evidence is missing.
     */
    function getLayout(): Layout;

    /**
     * What a library trusts on this host.
     * @throws {Absence} where the evidence is missing.
     */
    function getPool(request: PoolRequest): Pool;

    /**
     * Certificates of a pool in the library's order, those that it can't use
     * among them, from index `offset`, at most `limit` (the engine gives no
     * more than 256).
     * @throws {Absence} where the evidence is missing.
     */
    function poolCertificates(request: PoolRequest, offset: number, limit: number): PoolCertificate[];

    /**
     * What a certificate says, by the SHA-256 of its DER in hexadecimal.
     * Absent where no store has it.
     * @throws {Absence} where the evidence is missing.
     */
    function getDetails(fingerprint: string): Details;

    /**
     * Mozilla's list.
     */
    function getKnownRoots(): KnownRoots;

    /**
     * A root of Mozilla's list by the SHA-256 of its DER. Absent where it is
     * not in the list.
     * @throws {Absence} where the evidence is missing.
     */
    function findKnownRoot(fingerprint: string): KnownRoot;

    /**
     * Roots of Mozilla's list that no store of the host has, by subject,
     * from index `offset`, at most `limit` (no more than 256).
     * @throws {Absence} where the evidence is missing.
     */
    function missingKnownRoots(offset: number, limit: number): KnownRoot[];

    /**
     * How sources and what was made of them differ, by path, from index
     * `offset`, at most `limit` (no more than 256).
     * @throws {Absence} where the evidence is missing.
     */
    function drifts(offset: number, limit: number): Drift[];

    /**
     * Every place where Go, OpenSSL or GnuTLS looks, on any distribution.
     * Proven absent where none exists.
     * @throws {Absence} where the evidence is missing.
     */
    function getStores(): Stores;

    /**
     * Certificates of one store in its order (directories: by file name, a
     * file that several links lead to once), from index `offset`, at most
     * `limit` (the engine gives no more than 256). A file of a directory
     * that could not be read takes one index: pages end before it, and the
     * page that begins with it is its absence. Empty behind the last.
     * @throws {Absence} where the evidence is missing.
     */
    function certificates(store: string, offset: number, limit: number): Certificate[];
  }
  /**
   * Records of the Linux audit system.
   */
  export namespace audit {

    /**
     * One field of a record.
     */
    export interface Field {
      /**
       * Its name: `comm`, `scontext`.
       */
      name: string;
      /**
       * Its value, quotes removed, hexadecimal decoded where the field's
       * kind calls for it.
       */
      value: string;
    }

    /**
     * One record.
     */
    export interface EventRecord {
      /**
       * `AVC`, `SYSCALL`; a number where it has no well-known name.
       */
      recordType: string;
      /**
       * Seconds since 1970-01-01 UTC.
       */
      seconds: bigint;
      /**
       * Thousandths of the second.
       */
      milliseconds: number;
      /**
       * Serial number: records of one event share it and the time.
       */
      serial: bigint;
      /**
       * The text behind the header, up to the interpreted copies.
       */
      text: string;
      /**
       * Its fields, in order.
       */
      fields: Field[];
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * Which records to give.
     */
    export interface Filter {
      /**
       * Types; empty for all.
       */
      recordTypes?: string[];
      /**
       * Not before this time, in seconds since 1970-01-01 UTC.
       */
      since?: bigint | null;
    }

    /**
     * Some records, and where to go on.
     */
    export interface Page {
      /**
       * In the order of the log.
       */
      records: EventRecord[];
      /**
       * The cursor of the next page; none at the end.
       */
      next: number | null;
      /**
       * The log was cut: older records are not in the snapshot.
       */
      truncated: boolean;
    }

    /**
     * Records of /var/log/audit/audit.log from a cursor (0 to begin), at
     * most `limit` (the engine gives no more than 1024).
     * @throws {Absence} where the evidence is missing.
     */
    function records(filter: Filter, cursor: number, limit: number): Page;
  }
  /**
   * Environment variables of processes. Sensitive: users grant it.
   */
  export namespace environment {

    /**
     * A variable.
     */
    export interface Variable {
      /**
       * Its name.
       */
      name: string;
      /**
       * Its value; none where it was hidden on the host.
       */
      value: string | null;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * One variable of a process as it started (/proc/PID/environ): absent
     * where it was not set, unknown (redacted) where its value is hidden.
     * @throws {Absence} where the evidence is missing.
     */
    function get(pid: number, name: string): Variable;

    /**
     * Names of all variables of a process, in order, hidden ones too.
     * @throws {Absence} where the evidence is missing.
     */
    function names(pid: number): string[];

    /**
     * One variable of a start, by its index in the list of `start.starts`:
     * absent where it is not set, unknown where its value is hidden or what
     * the start's environment would be is not known.
     * @throws {Absence} where the evidence is missing.
     */
    function ofStart(index: number, name: string): Variable;

    /**
     * Names of all variables of a start, in order.
     * @throws {Absence} where the evidence is missing.
     */
    function namesOfStart(index: number): string[];
  }
  /**
   * Files of the host by path. Symbolic links are followed inside the
   * snapshot, as the host's kernel would.
   */
  export namespace files {

    /**
     * What a path leads to.
     */
    export type Kind =
      /**
       * A regular file.
       */
      | "regular"
      /**
       * A directory.
       */
      | "directory"
      /**
       * A FIFO, a socket or a device.
       */
      | "special";

    /**
     * stat(2) of a path.
     */
    export interface Stat {
      /**
       * The path with every link resolved.
       */
      realPath: string;
      /**
       * What it is.
       */
      kind: Kind;
      /**
       * Permissions with set-id and sticky bits: 0o644.
       */
      mode: number;
      /**
       * Owner.
       */
      uid: number;
      /**
       * Group.
       */
      gid: number;
      /**
       * Size in bytes; 0 for files of /proc.
       */
      size: bigint;
      /**
       * Last change of the content, seconds since 1970-01-01 UTC.
       */
      modified: bigint;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * A file's text.
     */
    export interface Text {
      /**
       * Invalid UTF-8 is replaced by U+FFFD.
       */
      content: string;
      /**
       * How many bytes before the content the collector left out: it
       * takes only the tail of logs.
       */
      skipped: bigint;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * A directory's names.
     */
    export interface Listing {
      /**
       * Sorted.
       */
      names: string[];
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * An extended attribute.
     */
    export interface Attribute {
      /**
       * Its bytes.
       */
      value: Uint8Array;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * Room in the file system that a path lies in (statvfs(3)).
     */
    export interface Space {
      /**
       * Where it is mounted.
       */
      point: string;
      /**
       * What is mounted there: a device; the same for several mounts.
       */
      source: string;
      /**
       * Its type: `ext4`.
       */
      fileSystem: string;
      /**
       * Bytes in all.
       */
      total: bigint;
      /**
       * Bytes that are free, those for root alone among them.
       */
      free: bigint;
      /**
       * Bytes that are free for everybody.
       */
      available: bigint;
      /**
       * Files that it can hold; 0 where it does not say.
       */
      inodes: bigint;
      /**
       * Files that it could hold beside those that are there.
       */
      freeInodes: bigint;
      /**
       * It is mounted for reading alone.
       */
      readOnly: boolean;
      /**
       * Where it was read.
       */
      evidence: Evidence;
    }

    /**
     * What a path leads to.
     * @throws {Absence} where the evidence is missing.
     */
    function getStat(path: string): Stat;

    /**
     * The text of a file of at most 1 MiB.
     * @throws {Absence} where the evidence is missing.
     */
    function readText(path: string): Text;

    /**
     * The names in a directory.
     * @throws {Absence} where the evidence is missing.
     */
    function readDirectory(path: string): Listing;

    /**
     * Room in the file system that a path lies in.
     * @throws {Absence} where the evidence is missing.
     */
    function getSpace(path: string): Space;

    /**
     * One extended attribute: `security.selinux`, `security.capability`.
     * @throws {Absence} where the evidence is missing.
     */
    function getAttribute(path: string, name: string): Attribute;
  }
  /**
   * Files that were packed with the policy: tables that it judges by, which
   * change more often than its rules. They are no evidence; the verdict has
   * their digests.
   */
  export namespace data {

    /**
     * The names of the files, sorted.
     */
    function names(): string[];

    /**
     * A file's bytes; absent where there is none of this name.
     * @throws {Absence} where the evidence is missing.
     */
    function read(name: string): Uint8Array;

    /**
     * A file's text; unknown (malformed) where it is not UTF-8.
     * @throws {Absence} where the evidence is missing.
     */
    function readText(name: string): string;
  }
  /**
   * Time and chance, as far as a policy may know them: the same again each
   * time that the same snapshot is judged.
   */
  export namespace runtime {

    /**
     * The time as of which to judge, in seconds since 1970-01-01 UTC: the
     * time of the capture, or what the user gave with `--as-of`.
     */
    function now(): bigint;

    /**
     * A number for generators that want one that others can't guess: made
     * from the digests of the snapshot and the policy, and the rule's code.
     */
    function seed(): bigint;
  }
  /**
   * The script that a component with an interpreter is to run.
   */
  export namespace script {

    /**
     * A script.
     */
    export interface Source {
      /**
       * The name of its file, for messages: `backlog.js`.
       */
      name: string;
      /**
       * Its text.
       */
      text: string;
    }

    /**
     * The script that was attached to the component (a custom section
     * `casefile:script` at its end); none where there is none.
     */
    function get(): Source | null;
  }
}
