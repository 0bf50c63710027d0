//! The interfaces of the contract by name. An import of one is a permission,
//! unless it gives access to nothing but the policy's own.

use std::fmt;

/// The newest version of the contract.
pub const CONTRACT: &str = "0.2.0";

/// An interface of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Interface {
    /// Records of the audit system.
    Audit,
    /// Control groups.
    Cgroup,
    /// Files that were packed with the policy.
    Data,
    /// Programs and libraries.
    Elf,
    /// Environment variables of processes.
    Environment,
    /// Files by path.
    Files,
    /// Programs that were built by Go.
    GoBinary,
    /// The host as a whole.
    Host,
    /// The kernel's log.
    KernelLog,
    /// Messages for whoever writes the policy.
    Log,
    /// Counters of the network, and who listens.
    Network,
    /// Packages that are installed.
    PackageDb,
    /// The policy's own parameters.
    Parameters,
    /// Processes.
    Process,
    /// Time and chance.
    Runtime,
    /// The script of an interpreter.
    Script,
    /// What the host starts.
    Start,
    /// Kernel settings.
    Sysctl,
    /// Tools that speak HTTP.
    Tools,
    /// Certificates that programs trust.
    Trust,
}

impl Interface {
    /// All, by name.
    pub const ALL: [Self; 20] = [
        Self::Audit,
        Self::Cgroup,
        Self::Data,
        Self::Elf,
        Self::Environment,
        Self::Files,
        Self::GoBinary,
        Self::Host,
        Self::KernelLog,
        Self::Log,
        Self::Network,
        Self::PackageDb,
        Self::Parameters,
        Self::Process,
        Self::Runtime,
        Self::Script,
        Self::Start,
        Self::Sysctl,
        Self::Tools,
        Self::Trust,
    ];

    /// The name by which a component imports it.
    pub(in crate::sandbox) fn import(self, version: &str) -> String {
        format!("casefile:policy/{self}@{version}")
    }

    /// Its name in `wit/`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Audit => "audit",
            Self::Cgroup => "cgroup",
            Self::Data => "data",
            Self::Elf => "elf",
            Self::Environment => "environment",
            Self::Files => "files",
            Self::GoBinary => "go-binary",
            Self::Host => "host",
            Self::KernelLog => "kernel-log",
            Self::Log => "log",
            Self::Network => "network",
            Self::PackageDb => "package-db",
            Self::Parameters => "parameters",
            Self::Process => "process",
            Self::Runtime => "runtime",
            Self::Script => "script",
            Self::Start => "start",
            Self::Sysctl => "sysctl",
            Self::Tools => "tools",
            Self::Trust => "trust",
        }
    }

    /// The interface of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|interface| interface.as_str() == name)
    }

    /// Whether it shows something of the host, so that importing it asks for
    /// a permission. The others give a policy what is its own.
    #[must_use]
    pub const fn is_permission(self) -> bool {
        !matches!(
            self,
            Self::Data | Self::Log | Self::Parameters | Self::Runtime | Self::Script
        )
    }

    /// Whether it is denied to policies that nobody has signed, unless the
    /// user grants it: what it shows may be secret.
    #[must_use]
    pub const fn is_sensitive(self) -> bool {
        matches!(self, Self::Environment)
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl fmt::Display for Interface {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A set of interfaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InterfaceSet(u32);

impl InterfaceSet {
    /// Whether it holds an interface.
    #[must_use]
    pub const fn contains(self, interface: Interface) -> bool {
        self.0 & interface.bit() != 0
    }

    /// What is in this set and not in another.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Its interfaces, by name.
    pub fn iter(self) -> impl Iterator<Item = Interface> {
        Interface::ALL
            .into_iter()
            .filter(move |interface| self.contains(*interface))
    }
}

impl FromIterator<Interface> for InterfaceSet {
    fn from_iter<I: IntoIterator<Item = Interface>>(interfaces: I) -> Self {
        Self(
            interfaces
                .into_iter()
                .fold(0, |bits, interface| bits | interface.bit()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_found_again() {
        assert!(
            Interface::ALL
                .map(Interface::as_str)
                .is_sorted_by(|one, next| one < next)
        );
        for interface in Interface::ALL {
            assert_eq!(Interface::named(interface.as_str()), Some(interface));
        }
        assert_eq!(Interface::named("shell"), None);
    }

    #[test]
    fn sets_hold_what_was_put_in() {
        let set: InterfaceSet = [Interface::Trust, Interface::Audit].into_iter().collect();
        let other: InterfaceSet = [Interface::Trust, Interface::Elf].into_iter().collect();
        let names = |set: InterfaceSet| {
            set.iter()
                .map(Interface::as_str)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(names(set), "audit trust");
        assert_eq!(names(set.without(other)), "audit");
        assert_eq!(names(set.union(other)), "audit elf trust");
    }
}
