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

/// status, limits, cgroup, the extracts of a process, a link, a listing.
pub(super) const PROCESS: &[&str] = &[
    "Name:\ta:b c\nState:\tS (sleeping)\nPPid:\t2\nUid:\t0\t1\t2\t3\nGid:\t4\t5\t6\t7\nThreads:\t1\nVmSize:\t 100 kB\nCapEff:\t00000000a80425fb\nCapBnd:\t0\nNoNewPrivs:\t1\n",
    "Limit                     Soft Limit           Hard Limit           Units     \nMax cpu time              unlimited            10                   seconds   \nMax open files            1024                 524288               files     \nMax processes             100                  unlimited            processes \n",
    "12:pids:/user.slice\n1:name=systemd:/init.scope\n0::/system.slice/a.service\n",
    "{\"variables\":[{\"name\":\"PATH\",\"value\":\"/usr/bin\"},{\"name\":\"TOKEN\",\"hidden_bytes\":9}]}",
    "{\"open\":12,\"kinds\":{\"file\":3,\"socket\":4,\"anon_inode:inotify\":2}}",
    "/usr/bin/app (deleted)",
    "1/7/self/4294967296/+2/007",
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
