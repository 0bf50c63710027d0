//! Texts of a host that never was, in the kernel's and systemd's words.

/// Of auditd's log: a denial, a login, a record of unknown type.
pub(super) const AUDIT: &str = "type=AVC msg=audit(1700000000.123:456): avc:  denied  { name_bind } for  pid=812 comm=\"server\" src=8080 scontext=system_u:system_r:init_t:s0 tclass=tcp_socket permissive=0\nnode=web type=USER_LOGIN msg=audit(1.002:3): pid=1 uid=0 msg='op=login acct=\"joe\" exe=\"/usr/sbin/sshd\" res=success'\u{1d}UID=\"root\"\ntype=UNKNOWN[1420] msg=audit(1.0:2): proctitle=736C6565700031 key=(null)\n";

/// os-release, cpuinfo, meminfo, mountinfo, a setting.
pub(super) const HOST: &[&str] = &[
    "ID=debian\nNAME=\"Debian \\\"x\\\" \\$HOME \\q\"\nA='single \\ quote'\nB=two\\ words\nVERSION_ID=\"12\"\n",
    "processor\t: 0\nflags\t\t: fpu sse4_2 avx2\n\nprocessor\t: 1\nflags\t\t: fpu\n",
    "MemTotal:       16303428 kB\nMemFree:          913460 kB\nMemAvailable:    9913460 kB\n",
    "22 27 0:20 / /sys rw,nosuid shared:7 - sysfs sysfs rw\n30 22 0:26 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw,nsdelegate\n36 35 98:0 / /mnt/a\\040b rw,noatime master:1 - ext3 /dev/x\\134y rw,errors=continue\n",
    "9223372036854775807\n",
    "/proc/sys/fs/file-max",
];

/// Mounts and memberships of control groups, and control files.
pub(super) const GROUPS: &[&str] = &[
    "30 22 0:26 / /c rw - cgroup2 cgroup2 rw\n31 22 0:27 /a /m rw - cgroup cgroup rw,memory,pids,cpu\n",
    "4:memory,pids,cpu:/a\n1:name=systemd:/x\n0::/a\n",
    "max\n",
    "9223372036854771712\n",
    "150000 100000\n",
    "-1\n",
    "low 0\nhigh 3\nmax 18446744073709551615\noom 1\noom_kill 1\n",
    "/a/b",
];

/// The kernel's log: the ring buffer, a file, kills of three shapes.
pub(super) const KERNEL_LOG: &[&str] = &[
    "5,0,0,-;Linux version 6.1.0\n6,1,900000,-,caller=T1;random: crng init done\n SUBSYSTEM=x\n",
    "4,700,90000000,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a/b,task=x,y,pid=7,uid=33\n3,701,90000001,-;Memory cgroup out of memory: Killed process 7 (x,y) total-vm:8kB, anon-rss:4kB, file-rss:0kB, UID:33 pgtables:1kB\n",
    "Nov  2 10:00:00 h kernel: [    3.25] Task in /a/b killed as a result of limit of /a\nNov  2 10:00:00 h kernel: [    3.25] Memory cgroup out of memory: Kill process 9 (java) score 900 or sacrifice child\nNov  2 10:00:00 h kernel: [    3.26] Killed process 9 (java), UID 33, total-vm:20kB, anon-rss:10kB\n",
    "<6>[    0.588053][    T1] kernel: Out of memory: Killed process 7 (a) b) total-vm:8kB\n",
];

/// Counters, figures, pressure, and the extracts of sockets and of space.
pub(super) const NETWORK: &[&str] = &[
    "TcpExt: A ListenOverflows\nTcpExt: 1 -2\nIpExt: B\nIpExt: 9223372036854775807\n",
    "CommitLimit:     8000000 kB\nHugePages_Total:       3\n",
    "some avg10=1.23 avg60=0.00 avg300=100.00 total=9\nfull avg10=0.07 avg60=0.00 avg300=0.00 total=0\n",
    "{\"states\":{\"LISTEN\":1,\"TIME_WAIT\":18446744073709551615},\"waiting\":[{\"address\":\"::ffff:127.0.0.1\",\"port\":8080,\"uid\":33,\"pids\":[7,8]}]}",
    "{\"block_bytes\":4096,\"blocks\":18446744073709551615,\"free_blocks\":1,\"available_blocks\":0,\"inodes\":0,\"free_inodes\":0,\"read_only\":false}",
];

/// status, limits, cgroup, the extracts of a process, a link, a listing.
pub(super) const PROCESS: &[&str] = &[
    "Name:\ta:b c\nState:\tS (sleeping)\nPPid:\t2\nUid:\t0\t1\t2\t3\nGid:\t4\t5\t6\t7\nThreads:\t1\nVmSize:\t 100 kB\nCapEff:\t00000000a80425fb\nCapBnd:\t0\nNoNewPrivs:\t1\n",
    "Limit                     Soft Limit           Hard Limit           Units     \nMax cpu time              unlimited            10                   seconds   \nMax open files            1024                 524288               files     \nMax processes             100                  unlimited            processes \n",
    "12:pids:/user.slice\n1:name=systemd:/init.scope\n0::/system.slice/a.service\n",
    "{\"variables\":[{\"name\":\"PATH\",\"value\":\"/usr/bin\"},{\"name\":\"TOKEN\",\"hidden_bytes\":9}]}",
    "{\"open\":12,\"kinds\":{\"file\":3,\"socket\":4,\"anon_inode:inotify\":2}}",
    "/usr/bin/app (deleted)",
    "1/7/self/4294967296/+2/007",
    "7 (a) b) S 1 7 7 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 18446744073709551615 0 0\n",
    "{\"count\":65530}",
];

/// A verdict with a finding of each sort.
pub(super) const VERDICT: &str = r#"{"schema":1,"engine":{"version":"0.1.0","contract":"0.1.0","limits":{"fuel":1,"memory_bytes":1,"table_elements":1,"host_calls":1,"copied_bytes":1,"findings":1,"deadline_seconds":1}},"snapshot":{"sha256":"00","format":1,"source":"live","taken":"2026-01-01T00:00:00Z","hostname":"web","kernel":"6.1","architecture":"x86_64","collector_uid":0},"as_of":"2026-01-01T00:00:00Z","counts":{"pass":1,"fail":1,"unknown":1,"not_applicable":0,"error":0,"waived":1},"waivers":[{"rule":"limits/nofile-low","subject":"pid 9","outcomes":["fail"],"reason":"ticket 4711","until":"2026-06-30T23:59:59Z","state":"applied","findings":1}],"policies":[{"id":"limits","version":"0.1.0","title":"Limits","sha256":"00","imports":["host"],"parameters":{"a":1,"b":true,"c":"x","d":["y"]},"rules":[{"code":"nofile-low","title":"Few descriptors","severity":"high","exit_class":"limits","read":[0],"missing":[{"path":"/etc/x","reason":"denied","detail":"EACCES"}],"findings":[{"outcome":"fail","severity":"high","confidence":"proven","subject":"pid 7","message":"The process may open few files.","actual":"1024","wanted":"65536","remedy":"Raise LimitNOFILE.","evidence":[0]},{"outcome":"unknown","severity":"low","confidence":"inferred","subject":"pid 8","message":"Not known.","actual":null,"wanted":null,"remedy":null,"evidence":[],"missing":[{"path":"/etc/x","reason":"absent"}]},{"outcome":"fail","severity":"low","policy_severity":"high","confidence":"proven","subject":"pid 9","message":"Few files.","evidence":[],"missing":[],"waiver":{"reason":"ticket 4711","until":"2026-06-30T23:59:59Z"},"ended_waiver":{"reason":"x","until":"@1"}}]}]}],"evidence":[{"id":0,"kind":"raw","path":"/proc/7/limits","content":"bytes","size":10,"sha256":"00"}]}"#;

/// Configurations: a whole one, and one that other policies are for.
pub(super) const CONFIGURATION: &[&str] = &[
    r#"packs = ["rules/acme.casepack"]
built-in = true
trusted-keys = ["RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3", "vendor.pub"]
require-signature = true
fail-on = "medium"
[parameters.limits]
boolean = false
integer = 0x20_00
text = """
a
b"""
texts = ['a,b', "\u00e9"]
[severity]
open-files-low = "info"
"acme/shared" = "critical"
[[waivers]]
rule = "open-files-low"
subject = "CN=Old Root*"
host = "db-?"
outcomes = ["unknown", "fail"]
reason = "ticket 4711"
until = 2027-03-31
[[waivers]]
rule = "limits/shared"
reason = "is known"
until = 2027-03-31T01:00:00.5+02:00
[grants.acme]
environment = true
process = false
"#,
    "parameters.other.x = 1\nseverity = { yyy = 'low' }\n[[waivers]]\nrule = 'other/zzz'\nreason = 'x'\nuntil = 0001-01-01\n",
    "failon = 1.5\n[[waivers]]\n[grants]\na = nan\nb.host = []\n",
];

/// A case with everything that cases may have beside the host itself.
pub(super) const CASE: &str = r#"rules = ["a", "b"]
time = "2026-01-31T12:00:00Z"
as_of = "2027-01-31"
source = "image"
architecture = ""
[parameters]
x = "1,2"
[[programs]]
path = "/usr/bin/x"
origins = ["named"]
[evidence."/usr"]
mode = 0o040700
uid = 1
gid = 2
size = 4096
modified = "2025-01-01"
device = 3
inode = 4
xattrs = { "security.selinux" = "00ff" }
names = ["bin", "x"]
[evidence."/usr/x"]
stat = false
redacted = 2
text = '''
a
'''
[environment."/proc/1/environ"]
variables = [{ name = "A", value = "b" }, { hidden_bytes = 3, name = "C" }]
[[findings]]
rule = "a"
outcome = "not-applicable"
subject = "x"
severity = "low"
confidence = "heuristic"
message = "m"
actual = "1"
wanted = "2"
remedy = "r"
evidence = ["/usr/x", "/usr/bin/x (elf)"]
missing = ["/y (denied)"]
[[findings]]
rule = "b"
outcome = "error"
subject = "rule b"
"#;

/// The index of an image layout with a pack.
pub(super) const OCI_INDEX: &str = r#"{"manifests": [{"annotations": {"org.opencontainers.image.ref.name": "1.2.0"}, "artifactType": "application/vnd.casefile.pack.v1", "digest": "sha256:6b28ade13a358980245e46a4b3d2f826a3e2e7efd4fb3b629e34547a48facdfa", "mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 852}], "mediaType": "application/vnd.oci.image.index.v1+json", "schemaVersion": 2}"#;

/// The manifest of a pack with a signature.
pub(super) const OCI_MANIFEST: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/vnd.casefile.pack.v1","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[{"mediaType":"application/vnd.casefile.pack.v1.tar+zstd","digest":"sha256:c4dd392064f08958f7784f67f3fb7a906354a495837b5e8666b187f1018098f0","size":114180,"annotations":{"org.opencontainers.image.title":"acme-1.2.0.casepack"}},{"mediaType":"application/vnd.casefile.pack.v1.minisig","digest":"sha256:c8b5d17858b275a29ef9fca8a82863d9dd258ddf36eb2a468c652f192cf5b441","size":351,"annotations":{"org.opencontainers.image.title":"acme-1.2.0.casepack.minisig"}}],"annotations":{"org.opencontainers.image.title":"Rules of Acme","org.opencontainers.image.version":"1.2.0"}}"#;

/// A signature by a key of nobody's.
pub(super) const SIGNATURE: &str = "untrusted comment: signature of key 7A2BA7D0BECB7977\nRUR3ecu+0KcrevbvHuunv3J/w7+K7DQOGpf6udQA+iGzLlCMtdRVNvXzmXGZX4LVdEi7QBXoVzPbAaIKq5vDyuAAxxd0K4d3nAo=\ntrusted comment: file:acme.casepack\tsha256:c4dd392064f08958f7784f67f3fb7a906354a495837b5e8666b187f1018098f0\n4Aq4LEyUsqZSEJlcm75jcWngoCerfAZltEytK0D1N1SiEyR9xSTrDCviz4zQ0xq2THVg3DXs1W3i9KdDXxGxAQ==\n";

/// A list of two keys of nobody's.
pub(super) const TRUSTED_KEYS: &str = "# whom we trust\nuntrusted comment: a key\nRWR3ecu+0KcregGoCbrliM3GMIz2IxCRKw6U5CC+25T3FmvEcsJoLYXO Acme\n\nRWR7zQ/nQTBxc7TyPeMjzc4xxLbtr+fVSe7dPkdjT1g6i5uuFPFyGf93\n";

/// Lines that a program of Go says of its build, and names of functions.
pub(super) const GO_BUILD_INFORMATION: &str = "path\texample.com/app
mod\texample.com/app\tv1.2.3\t
dep\tgolang.org/x/net\tv0.30.0\th1:abc=
=>\t./net\t(devel)\t
build\t-ldflags=\"-X main.v=\\\"1\\\"\"
build\t`odd key`=\"\\u00e9\\x41\\101\\t\"
example.com/app/x%2ey.(*T[...]).F
";

/// dpkg's database, with a package in each state.
pub(super) const DPKG: &str = "Package: curl
Status: install ok installed
Priority: optional
Architecture: amd64
Multi-Arch: foreign
Source: curl (7.88.1-10)
Version: 7.88.1-10+deb12u14
Depends: libc6 (>= 2.34), libcurl4 (= 7.88.1-10+deb12u14)
Description: command line tool
 more of it
 .

Package: old
Status: deinstall ok config-files
Version: 1:2.0-1
Config-Version: 1:2.0-1

Package: never
Status: unknown ok not-installed

Package: half
Status: install reinstreq half-installed
Version: 3
";

/// apk's database.
pub(super) const APK: &str = "C:Q1pfOL9Rr0rV1UVAPJCJ5Cxcgn0g4=
P:curl
V:8.12.1-r1
A:x86_64
S:138474
I:249856
T:URL retrieval utility and library
o:curl
F:usr
F:usr/bin
R:curl
a:0:0:755
Z:Q1abc=

P:musl
V:1.2.5-r0
f:fsx
F:
R:x

";
