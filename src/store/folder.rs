//! What may be wrong with a data folder before anything goes wrong in it.

use std::fmt;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// File systems on which a lock or a sync may not mean what it says, by their number in the kernel (linux/magic.h).
const DOUBTFUL: [(u32, &str); 9] = [
    (0x0000_6969, "NFS"),
    (0x0000_517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB 2"),
    (0x00c3_6400, "Ceph"),
    (0x0102_1997, "9P"),
    (0x6573_5546, "FUSE"),
    (0x5346_414f, "AFS"),
    (0x0102_1994, "memory"),
];
/// Permissions that let anybody but the owner read, write or enter.
const OTHERS: u32 = 0o077;

/// Something that an administrator should put right.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Doubt {
    /// It lies on a file system of this kind.
    FileSystem(&'static str),
    /// Others than its owner have these permissions.
    Open(u32),
    /// Its owner and the service's user, by their numbers.
    Owner(u32, u32),
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FileSystem(kind) => write!(
                f,
                "the data folder lies on {kind}, where what was said to be on disk may be lost: move it to a local disk"
            ),
            Self::Open(mode) => {
                write!(
                    f,
                    "others may look into the data folder (mode {mode:04o}), which holds patient data: chmod 700"
                )
            }
            Self::Owner(owner, user) => {
                write!(f, "the data folder is user {owner}'s, and the service runs as user {user}: chown it")
            }
        }
    }
}

/// Looks at a data folder that is there.
pub fn doubts(dir: &Path) -> io::Result<Vec<Doubt>> {
    let folder = std::fs::metadata(dir)?;
    let magic = rustix::fs::statfs(dir)?.f_type;
    // The kernel's numbers have 32 bits; some machines widen them with their sign.
    let magic = u32::try_from(magic & 0xffff_ffff).unwrap_or(0);
    Ok(of(magic, folder.mode(), folder.uid(), rustix::process::geteuid().as_raw()))
}

fn of(magic: u32, mode: u32, owner: u32, user: u32) -> Vec<Doubt> {
    let kind = DOUBTFUL.iter().find(|(number, _)| *number == magic).map(|(_, kind)| Doubt::FileSystem(kind));
    let open = (mode & OTHERS != 0).then_some(Doubt::Open(mode & 0o7777));
    let owner = (owner != user).then_some(Doubt::Owner(owner, user));
    kind.into_iter().chain(open).chain(owner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXT4: u32 = 0xef53;

    #[test]
    fn a_share_an_open_folder_and_another_owner_are_told_with_what_to_do() {
        assert_eq!(of(EXT4, 0o40700, 7, 7), []);
        assert_eq!(of(0xff53_4d42, 0o40700, 7, 7), [Doubt::FileSystem("CIFS")]);
        let all: Vec<_> = of(0x6969, 0o40755, 0, 7).iter().map(Doubt::to_string).collect();
        assert_eq!(
            all,
            [
                "the data folder lies on NFS, where what was said to be on disk may be lost: move it to a local disk",
                "others may look into the data folder (mode 0755), which holds patient data: chmod 700",
                "the data folder is user 0's, and the service runs as user 7: chown it",
            ]
        );
    }

    #[test]
    fn a_folder_of_ones_own_is_looked_at() {
        let dir = std::env::temp_dir().join(format!("casetrack-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&dir).unwrap();
        assert!(!doubts(&dir).unwrap().iter().any(|doubt| matches!(doubt, Doubt::Owner(..))));
        std::fs::remove_dir_all(&dir).unwrap();
        assert!(doubts(&dir).is_err());
    }
}
