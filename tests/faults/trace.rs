//! Reads what strace wrote down of a program: its writes to files, its syncs, and what it said to others.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What strace has to write down: every way to a file's bytes and to a folder's names, and to a socket.
pub const OPTIONS: [&str; 8] = [
    "-xx",
    "-yy",
    "-s",
    "1000000",
    "--seccomp-bpf",
    "-e",
    "signal=none",
    "-etrace=pwrite64,pwritev,pwritev2,write,writev,lseek,fdatasync,fsync,sync_file_range,ftruncate,truncate,\
     fallocate,unlink,unlinkat,rename,renameat,renameat2,link,linkat,open,openat,creat,mkdir,mkdirat,sendto,sendmsg",
];

/// Something that a program did to a file or said to somebody. Its `begun` and `ended` are places in the record.
#[derive(Clone, Debug)]
pub struct Event {
    /// Where its call begins.
    pub begun: usize,
    /// Where its call returns; `usize::MAX` if it never did.
    pub ended: usize,
    /// Which thread did it.
    pub thread: u32,
    /// What it is.
    pub deed: Deed,
}

/// One deed.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Bytes written at an offset.
    Wrote {
        /// The file.
        file: PathBuf,
        /// From its beginning.
        offset: usize,
        /// What.
        bytes: Vec<u8>,
    },
    /// The file was cut or lengthened.
    Cut {
        /// The file.
        file: PathBuf,
        /// Its new length.
        length: usize,
    },
    /// The file, or the folder's names, were brought to the disk.
    Synced {
        /// The file or folder.
        file: PathBuf,
    },
    /// A name was opened that may not have been there.
    Made {
        /// The file.
        file: PathBuf,
    },
    /// A folder was made.
    MadeFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// A name was given away.
    Renamed {
        /// The old name.
        from: PathBuf,
        /// The new name.
        to: PathBuf,
    },
    /// A name was taken away.
    Removed {
        /// The name.
        file: PathBuf,
    },
    /// Bytes were sent to a peer on the network.
    Said {
        /// The peer's port.
        port: u16,
        /// What.
        bytes: Vec<u8>,
    },
}

/// One finished call, put together from its two halves where strace tore it.
struct Call<'a> {
    begun: usize,
    ended: usize,
    thread: u32,
    name: &'a str,
    arguments: String,
    result: String,
    injected: bool,
}

/// Everything in the record, in the order in which it began; syncs stand where they returned.
///
/// A sync that strace only pretended (`INJECTED`) has not happened.
pub fn read(record: &Path) -> Vec<Event> {
    let text = std::fs::read_to_string(record).unwrap();
    let mut calls = calls(&text);
    calls.sort_by_key(|call| call.begun);
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut events: Vec<Event> = calls
        .iter()
        .filter_map(|call| {
            let deed = deed(call, &mut places)?;
            Some(Event { begun: call.begun, ended: call.ended, thread: call.thread, deed })
        })
        .collect();
    events.sort_by_key(|event| match event.deed {
        Deed::Synced { .. } => event.ended,
        _ => event.begun,
    });
    events
}

/// Whether strace has written down the program's end.
pub fn is_complete(record: &Path, pid: i32) -> bool {
    let text = std::fs::read_to_string(record).unwrap_or_default();
    let tail = &text[text.len().saturating_sub(4_000)..];
    tail.lines().any(|line| line.starts_with(&format!("{pid} ")) && line.contains(" +++ "))
}

fn calls(text: &str) -> Vec<Call<'_>> {
    let mut open: HashMap<(&str, &str), (usize, String)> = HashMap::new();
    let mut calls = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let Some((pid, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        if let Some(resumed) = rest.strip_prefix("<... ") {
            let (name, tail) = resumed.split_once(" resumed>").unwrap();
            if let Some((begun, head)) = open.remove(&(pid, name)) {
                calls.push(finish(begun, at, pid, name, &(head + tail)));
            }
        } else if let Some((name, arguments)) = rest.split_once('(') {
            if let Some(head) = arguments.strip_suffix("<unfinished ...>") {
                open.insert((pid, name), (at, head.trim_end().to_owned()));
            } else if arguments.contains(" = ") {
                calls.push(finish(at, at, pid, name, arguments));
            }
        }
    }
    for ((pid, name), (begun, arguments)) in open {
        let result = "?".to_owned();
        let thread = pid.parse().unwrap();
        calls.push(Call { begun, ended: usize::MAX, thread, name, arguments, result, injected: false });
    }
    calls
}

fn finish<'a>(begun: usize, ended: usize, pid: &str, name: &'a str, text: &str) -> Call<'a> {
    let (arguments, result) = text.rsplit_once(" = ").unwrap_or((text, "?"));
    let arguments = arguments.trim_end().trim_end_matches(')').to_owned();
    let injected = result.contains("(INJECTED)");
    let thread = pid.parse().unwrap();
    Call { begun, ended, thread, name, arguments, result: result.to_owned(), injected }
}

fn deed(call: &Call<'_>, places: &mut HashMap<String, usize>) -> Option<Deed> {
    let result = number(&call.result);
    let unfinished = call.ended == usize::MAX;
    if result.is_none_or(|result| result < 0) && !unfinished {
        return None;
    }
    match call.name {
        "pwrite64" | "write" | "writev" | "sendto" | "sendmsg" | "pwritev" | "pwritev2" => {
            wrote(call, result, places)
        }
        "lseek" => {
            let at = usize::try_from(result?).ok()?;
            places.insert(open_file(&call.arguments)?.0.to_owned(), at);
            None
        }
        "fdatasync" | "fsync" if !call.injected && !unfinished => {
            Some(Deed::Synced { file: path(&call.arguments)? })
        }
        "ftruncate" => {
            let length = call.arguments.rsplit(", ").next()?.parse().ok()?;
            Some(Deed::Cut { file: path(&call.arguments)?, length })
        }
        "unlink" | "unlinkat" => Some(Deed::Removed { file: named(&call.arguments).pop()? }),
        "rename" | "renameat" | "renameat2" => {
            let mut names = named(&call.arguments);
            let to = names.pop()?;
            Some(Deed::Renamed { from: names.pop()?, to })
        }
        "open" | "openat" | "creat" if call.arguments.contains("O_CREAT") && !unfinished => {
            assert!(!call.arguments.contains("O_TRUNC") || !call.arguments.contains("O_APPEND"));
            Some(Deed::Made { file: named(&call.arguments).pop()? })
        }
        "mkdir" | "mkdirat" => Some(Deed::MadeFolder { folder: named(&call.arguments).pop()? }),
        _ => None,
    }
}

fn wrote(call: &Call<'_>, result: Option<i64>, places: &mut HashMap<String, usize>) -> Option<Deed> {
    let (descriptor, what) = open_file(&call.arguments)?;
    let mut bytes: Vec<u8> = strings(&call.arguments).concat();
    if let Some(count) = result.and_then(|count| usize::try_from(count).ok()) {
        bytes.truncate(count);
    }
    if what.contains("->") {
        let port = what.rsplit(':').next()?.trim_end_matches(']').parse().ok()?;
        return Some(Deed::Said { port, bytes });
    }
    let file = path(&call.arguments)?;
    let offset = match call.name {
        "pwrite64" => call.arguments.rsplit(", ").next()?.parse().ok()?,
        "write" => {
            let place = places.entry(descriptor.to_owned()).or_default();
            let offset = *place;
            *place += bytes.len();
            offset
        }
        // Nothing of ours writes files so; a program that begins to must be met here.
        _ if file.is_absolute() && file.is_file() => panic!("{} to {}", call.name, file.display()),
        _ => return None,
    };
    Some(Deed::Wrote { file, offset, bytes })
}

fn number(result: &str) -> Option<i64> {
    let digits = result.trim().split(|c: char| !(c.is_ascii_digit() || c == '-')).next()?;
    digits.parse().ok()
}

/// The first argument with what strace says it is: `5</path>` or `9<TCP:[here->there]>`.
fn open_file(arguments: &str) -> Option<(&str, &str)> {
    let (descriptor, rest) = arguments.split_once('<')?;
    let first = rest.split_once(", ").map_or(rest, |(first, _)| first);
    Some((descriptor, first.trim_end_matches('>')))
}

/// The path of the first argument, an open file; `None` for sockets, pipes and the like.
fn path(arguments: &str) -> Option<PathBuf> {
    let path = PathBuf::from(String::from_utf8(unescape(open_file(arguments)?.1)).ok()?);
    path.is_absolute().then_some(path)
}

/// The paths that the call names; relative ones are none of ours.
fn named(arguments: &str) -> Vec<PathBuf> {
    let names = strings(arguments).into_iter().filter_map(|name| String::from_utf8(name).ok());
    names.map(PathBuf::from).collect()
}

/// What stands between quotation marks.
fn strings(arguments: &str) -> Vec<Vec<u8>> {
    arguments.split('"').skip(1).step_by(2).map(unescape).collect()
}

fn unescape(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len() / 4);
    let mut at = 0;
    while at < bytes.len() {
        let escaped = bytes[at] == b'\\' && bytes.get(at + 1) == Some(&b'x');
        if escaped {
            plain.push(nibble(bytes[at + 2]) << 4 | nibble(bytes[at + 3]));
            at += 4;
        } else {
            plain.push(bytes[at]);
            at += 1;
        }
    }
    plain
}

fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => panic!("strace writes hexadecimal digits"),
    }
}
