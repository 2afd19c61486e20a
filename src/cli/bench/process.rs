//! What the system says of a process: processor time, memory, bytes written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// What the threads of one name have used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Used {
    /// Processor time in nanoseconds.
    pub cpu_ns: u64,
    /// Bytes given to write calls.
    pub written: u64,
}

/// What a process's threads have used, by the thread's name. Threads that have ended are not in it.
#[derive(Clone, Debug, Default)]
pub struct Usage(pub BTreeMap<String, Used>);

impl Usage {
    /// What the threads of process `id` have used until now.
    pub fn of(id: u32) -> anyhow::Result<Self> {
        let mut usage = BTreeMap::<String, Used>::new();
        let tasks = PathBuf::from(format!("/proc/{id}/task"));
        for task in fs::read_dir(&tasks).context("listing the threads of the service")? {
            let task = task.context("listing the threads of the service")?.path();
            // A thread may end between the listing and the reading.
            let Some((name, used)) = thread(&task) else { continue };
            let sum = usage.entry(name).or_default();
            sum.cpu_ns += used.cpu_ns;
            sum.written += used.written;
        }
        Ok(Self(usage))
    }

    /// What was used since `earlier`.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let used = self.0.iter().map(|(name, now)| {
            let then = earlier.0.get(name).copied().unwrap_or_default();
            let used = Used {
                cpu_ns: now.cpu_ns.saturating_sub(then.cpu_ns),
                written: now.written.saturating_sub(then.written),
            };
            (name.clone(), used)
        });
        Self(used.collect())
    }

    /// The same with what `other` says added.
    pub fn take(&mut self, other: &Self) {
        for (name, used) in &other.0 {
            let sum = self.0.entry(name.clone()).or_default();
            sum.cpu_ns += used.cpu_ns;
            sum.written += used.written;
        }
    }

    /// What the threads whose names begin with `beginning` have used.
    pub fn of_threads(&self, beginning: &str) -> Used {
        let threads = self.0.iter().filter(|(name, _)| name.starts_with(beginning));
        threads.fold(Used::default(), |sum, (_, used)| Used {
            cpu_ns: sum.cpu_ns + used.cpu_ns,
            written: sum.written + used.written,
        })
    }

    /// Processor time of all threads, in nanoseconds.
    pub fn cpu_ns(&self) -> u64 {
        self.0.values().map(|used| used.cpu_ns).sum()
    }
}

fn thread(task: &Path) -> Option<(String, Used)> {
    let read = |file: &str| fs::read_to_string(task.join(file)).ok();
    let name = read("comm")?.trim().to_owned();
    let cpu_ns = read("schedstat")?.split(' ').next()?.parse().ok()?;
    let written = read("io")?.lines().find_map(|line| line.strip_prefix("wchar: ")?.parse().ok())?;
    Some((name, Used { cpu_ns, written }))
}

/// The memory that a process has in use, in bytes.
pub fn memory(id: u32) -> anyhow::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).context("reading the service's memory")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kib: u64 = line.trim().trim_end_matches(" kB").trim().parse().context("VmRSS")?;
    Ok(kib * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_sees_its_own_threads_and_memory() {
        let usage = Usage::of(std::process::id()).unwrap();
        assert!(!usage.0.is_empty());
        assert!(memory(std::process::id()).unwrap() > 1_000_000);
    }
}
