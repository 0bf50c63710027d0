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
     * A library that was loaded.
     */
    export interface Loaded {
      /**
       * As it stands in DT_NEEDED.
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
       * A file on the search path that stops the search (not ELF, damaged).
       */
      | { kind: "invalid"; value: string };

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
       * PT_INTERP, where there is one.
       */
      interpreter: string | null;
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
       * What could not be decided, for lack of evidence.
       */
      unknown: Absence[];
      /**
       * All that was consulted, the program itself last.
       */
      evidence: Evidence[];
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
     * What the loader would do with a program when it is started with this
     * value of LD_LIBRARY_PATH, and nothing else in its environment. An
     * absent interpreter is an absence with its path.
     * @throws {Absence} where the evidence is missing.
     */
    function resolve(path: string, libraryPath?: string | null): Resolution;
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
      recordTypes: string[];
      /**
       * Not before this time, in seconds since 1970-01-01 UTC.
       */
      since: bigint | null;
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
    function records(filter: Partial<Filter>, cursor: number, limit: number): Page;
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
