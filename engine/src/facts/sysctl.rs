//! Kernel settings under /proc/sys, by name or by path (sysctl(8)).

use casefile_snapshot::{HostPath, Kind};

use super::{Fact, FactResult, Facts, Missing, parse_path};

const ROOT: &str = "/proc/sys";

impl Facts {
    /// A setting's text without its last newline. A name with slashes is a
    /// path below /proc/sys; in others dots are separators (sysctl(8)).
    pub fn sysctl(&self, name: &str) -> FactResult<String> {
        let path = setting_path(name)?;
        let fact = self.bytes(Kind::Raw, &path)?;
        Ok(fact.map(|bytes| {
            let text = String::from_utf8_lossy(bytes);
            text.strip_suffix('\n').unwrap_or(&text).to_owned()
        }))
    }

    /// A setting that is one whole number.
    pub fn sysctl_number(&self, name: &str) -> FactResult<i64> {
        let fact = self.sysctl(name)?;
        match fact.value.trim().parse::<i64>() {
            Ok(value) => Ok(fact.map(|_| value)),
            Err(_) => Err(Missing::malformed(
                &fact,
                &format!("{ROOT}/{}", name.replace('.', "/")),
                format!("{:?} is no whole number", shorten(&fact.value)),
            )),
        }
    }

    /// Names of the settings below a prefix, as paths below /proc/sys,
    /// sorted. An empty prefix stands for all.
    pub fn sysctl_names(&self, prefix: &str) -> FactResult<Vec<String>> {
        let directory = if prefix.is_empty() {
            parse_path(ROOT)?
        } else {
            setting_path(prefix)?
        };
        let below = format!("{directory}/");
        let mut names = Vec::new();
        let mut listed = Vec::new();
        for (id, key) in self.snapshot().below(Kind::Raw, &below) {
            if self.snapshot().bytes(id).is_some() {
                let name = key.path.as_str().strip_prefix("/proc/sys/");
                names.extend(name.map(str::to_owned));
                listed.push(id);
            }
        }
        match self.find(Kind::Raw, &directory) {
            Ok(found) => Ok(Fact {
                value: names,
                sources: [listed, found.via, vec![found.id]].concat(),
            }),
            Err(missing) if names.is_empty() => Err(missing),
            Err(missing) => Ok(Fact {
                value: names,
                sources: [listed, missing.sources].concat(),
            }),
        }
    }
}

fn setting_path(name: &str) -> Result<HostPath, Missing> {
    let relative = if name.contains('/') {
        name.trim_start_matches('/').to_owned()
    } else {
        name.replace('.', "/")
    };
    if relative.is_empty() {
        return Err(Missing::bad_name(name, "an empty name is no setting"));
    }
    parse_path(&format!("{ROOT}/{relative}"))
}

fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use std::sync::Arc;

    use casefile_snapshot::{Clock, EvidenceKey, Manifest, SnapshotBuilder, Source, Tool};

    use super::Facts;

    #[test]
    fn a_list_of_settings_comes_from_all_that_are_in_it() {
        let mut builder = SnapshotBuilder::new();
        let paths = ["net/core/a", "net/core/b", "net/ipv4/c"].map(|name| {
            let key = EvidenceKey::raw(&format!("/proc/sys/{name}")).unwrap();
            builder.insert_bytes(key.clone(), None, *b"1\n", None);
            key
        });
        let tool = Tool {
            name: String::new(),
            version: String::new(),
        };
        let clock = Clock {
            realtime_ns: 0,
            boottime_ns: None,
        };
        let manifest = Manifest::new(tool, clock, Source::Live);
        let snapshot = Arc::new(builder.finish(manifest).unwrap());
        let list = Facts::new(Arc::clone(&snapshot))
            .sysctl_names("net.core")
            .unwrap();
        assert_eq!(list.value, ["net/core/a", "net/core/b"]);
        let sources: Vec<_> = list.sources.iter().map(|id| snapshot.key(*id)).collect();
        assert_eq!(sources, [&paths[0], &paths[1]]);
    }
}
