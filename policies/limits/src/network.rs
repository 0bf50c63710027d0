//! What the network stack limits: queues of connections that wait to be
//! accepted, ports for connections to others, connections that are tracked.

use casefile_policy::network;
use casefile_policy::sysctl;
use casefile_policy::{Absence, Confidence, Finding, Reason, Severity, State, integer};

use crate::host::{known, no_such_setting};
use crate::{Findings, is_over, over_in_words};

/// Parameter: connections; a shorter queue is reported.
pub(crate) const BACKLOG: &str = "listen-backlog-low";
/// Parameter: ports; fewer are reported.
pub(crate) const PORTS: &str = "local-ports-low";
/// Parameter: per cent of the local ports; as many sockets in TIME_WAIT, or
/// more, are reported.
pub(crate) const PORTS_USED: &str = "local-ports-percent";
/// Parameter: per cent of the connections that can be tracked; more are
/// reported.
pub(crate) const TRACKED: &str = "conntrack-percent";

const SOMAXCONN: &str = "net.core.somaxconn";
const RANGE: &str = "net.ipv4.ip_local_port_range";

pub(crate) fn backlog() -> Findings {
    let low = integer(BACKLOG)?;
    let Some(limit) = known(sysctl::get_number(SOMAXCONN))? else {
        return Ok(vec![no_such_setting(SOMAXCONN)]);
    };
    let overflows = network::get_counter("TcpExtListenOverflows");
    let overflowed = overflows.as_ref().map_or(0, |counter| counter.value);
    let is_short = limit.value < low;
    let finding = if is_short {
        Finding::fail(
            SOMAXCONN,
            "few connections may wait to be accepted: under load the kernel drops those that come, and clients wait and try again",
        )
        .remedy("set net.core.somaxconn to 4096 (sysctl.d(5)), and restart the services: Go and others read it once, when they begin to listen")
    } else {
        Finding::pass(SOMAXCONN, "many connections may wait to be accepted")
    };
    let mut actual = limit.value.to_string();
    if overflowed > 0 {
        actual += &format!("; queues were full {overflowed} times since the start");
    }
    let mut findings = vec![
        finding
            .actual(actual)
            .wanted(format!("{low} or more"))
            .evidence([limit.evidence]),
    ];
    match overflows {
        Ok(counter) if counter.value > 0 && !is_short => findings.push(
            Finding::fail(
                "listen queues",
                "queues of connections that wait to be accepted were full: their service was too slow, or its own backlog is short",
            )
            .severity(Severity::Low)
            .confidence(Confidence::Inferred)
            .actual(format!("{} times since the start", counter.value))
            .wanted("never")
            .remedy("ss -ltn shows Recv-Q against Send-Q of each listener: find the one that is full")
            .evidence([counter.evidence]),
        ),
        Ok(_) => {}
        Err(absence) if absence.state == State::Absent => {}
        Err(absence) => findings.push(Finding::unknown(
            "listen queues",
            "it is not known whether queues of connections were full",
            absence,
        )),
    }
    Ok(findings)
}

pub(crate) fn local_ports() -> Findings {
    let (low, percent) = (integer(PORTS)?, integer(PORTS_USED)?);
    let Some(range) = known(sysctl::get(RANGE))? else {
        return Ok(vec![no_such_setting(RANGE)]);
    };
    let ports = size(&range.text)?;
    let is_few = i128::from(ports) < i128::from(low);
    let finding = if is_few {
        Finding::fail(
            RANGE,
            "few ports are there for connections to others: to one server no more can be open, and then \"cannot assign requested address\" (EADDRNOTAVAIL) ends connect",
        )
        .remedy("set net.ipv4.ip_local_port_range to \"15000 64999\", say (sysctl.d(5)); keep ports of services out by ip_local_reserved_ports")
    } else {
        Finding::pass(RANGE, "many ports are there for connections to others")
    };
    let mut findings = vec![
        finding
            .actual(format!("{ports} ports"))
            .wanted(format!("{low} or more"))
            .evidence([range.evidence]),
    ];
    let waiting = match network::get_most_waiting() {
        Ok(waiting) => waiting,
        Err(absence) => {
            let message = "it is not known how many ports wait to be free again";
            findings.push(Finding::unknown("TIME_WAIT", message, absence));
            return Ok(findings);
        }
    };
    let used = u64::try_from(waiting.value).unwrap_or(0);
    if is_over(used, percent, ports) {
        findings.push(
            Finding::fail(
                "TIME_WAIT",
                "nearly as many connections to one server wait to be forgotten as there are local ports: then no more can be opened to it",
            )
            .severity(Severity::Medium)
            .actual(over_in_words(used, ports))
            .wanted(format!("{percent} % at most"))
            .remedy("keep connections open and use them again (in Go: read bodies to the end, raise MaxIdleConnsPerHost), or widen the range of ports; ss -tan state time-wait shows which server it is")
            .evidence([waiting.evidence, range.evidence]),
        );
    }
    Ok(findings)
}

/// How many ports a range has: `32768\t60999`.
fn size(text: &str) -> Result<u64, Absence> {
    let mut words = text.split_ascii_whitespace().map(str::parse::<u64>);
    match (words.next(), words.next()) {
        (Some(Ok(low)), Some(Ok(high))) if low <= high => Ok(high - low + 1),
        _ => Err(Absence {
            path: "/proc/sys/net/ipv4/ip_local_port_range".to_owned(),
            state: State::Unknown(Reason::Malformed),
            detail: "it is not two ports".to_owned(),
        }),
    }
}

pub(crate) fn tracked() -> Findings {
    const COUNT: &str = "net.netfilter.nf_conntrack_count";
    const MAX: &str = "net.netfilter.nf_conntrack_max";
    let percent = integer(TRACKED)?;
    let Some(max) = known(sysctl::get_number(MAX))? else {
        let message = "the kernel tracks no connections";
        return Ok(vec![Finding::not_applicable(MAX, message)]);
    };
    let count = sysctl::get_number(COUNT)?;
    let limit = u64::try_from(max.value).unwrap_or(0);
    let used = u64::try_from(count.value).unwrap_or(0);
    let finding = if is_over(used, percent, limit) {
        Finding::fail(
            MAX,
            "nearly as many connections are tracked as can be: then packets of new ones are dropped, and the kernel logs \"nf_conntrack: table full, dropping packet\"",
        )
        .remedy("raise net.netfilter.nf_conntrack_max (sysctl.d(5)), or track fewer (notrack rules, shorter timeouts)")
    } else {
        Finding::pass(MAX, "many more connections can be tracked")
    };
    Ok(vec![
        finding
            .actual(over_in_words(used, limit))
            .wanted(format!("{percent} % at most"))
            .evidence([count.evidence, max.evidence]),
    ])
}
