//! Stocks and templates: the files that are built in, and a house's own beside the configuration.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};

use super::stock::Stocks;
use super::template::Templates;

/// Most files of a house in one folder: nobody chooses from a longer list.
const MAX_FILES: usize = 256;
/// Largest file: a template of all its fields is a tenth of it.
const MAX_FILE_BYTES: u64 = 64 * 1024;
/// Longest code, in characters: it stands in addresses and in the print queue.
const MAX_CODE_LEN: usize = 32;

/// The files of one folder of `labels`, read into the program; a test holds that none is missing.
macro_rules! built_in {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../labels/", $folder, "/", $name, ".toml")))),+]
    };
}
pub(super) use built_in;

/// What one file tells.
pub trait Filed: Sized {
    /// What people call it.
    const WORD: &'static str;
    /// The files that are built in: name and text.
    const BUILT_IN: &'static [(&'static str, &'static str)];
    /// What may be wrong with a file.
    type Fault: Display;

    /// Reads and checks a file.
    fn read(text: &str) -> Result<Self, Self::Fault>;

    /// What it is chosen by.
    fn code(&self) -> &str;
}

/// All of one sort, by code; capitals and small letters are the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shelf<T> {
    all: BTreeMap<String, T>,
    /// The keys of those that are the house's own.
    own: Vec<String>,
}

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WrongFile {
    /// Something in it cannot be.
    #[error("{word} {file}: {fault}")]
    Wrong {
        /// Stock or template.
        word: &'static str,
        /// The file.
        file: String,
        /// What is wrong with it.
        fault: String,
    },
    /// It, or its folder, cannot be read.
    #[error("cannot read {}", .0.display())]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// It is far larger than any.
    #[error("{}: more than {MAX_FILE_BYTES} bytes, which no stock and no template has", .0.display())]
    TooLarge(PathBuf),
    /// There are too many.
    #[error("{}: more than {MAX_FILES} files; nobody chooses from so many", .0.display())]
    TooMany(PathBuf),
}

impl<T: Filed> Shelf<T> {
    /// Those that are built in, and more: each the file's name and its text. One of more replaces a built-in one of the
    /// same code; no two of more have the same.
    pub fn read<'a>(more: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, WrongFile> {
        let built_in = T::BUILT_IN.iter().map(|(file, text)| one(file, text));
        let mut all = built_in.collect::<Result<BTreeMap<String, T>, _>>()?;
        let mut own = BTreeMap::new();
        for (file, text) in more {
            let (key, read) = one::<T>(file, text)?;
            if let Some(other) = own.insert(key.clone(), file) {
                return Err(wrong::<T>(file, format!("{other} has the code {} too", read.code())));
            }
            all.insert(key, read);
        }
        Ok(Self { all, own: own.into_keys().collect() })
    }

    /// Those that are built in, and the files `*.toml` of a folder.
    pub fn with(folder: &Path) -> Result<Self, WrongFile> {
        let files = texts(folder)?;
        Self::read(files.iter().map(|(file, text)| (file.as_str(), text.as_str())))
    }

    /// The one of exactly this code.
    pub(super) fn of_code(&self, code: &str) -> Option<&T> {
        self.all.get(&code.to_lowercase())
    }

    /// All of them, by code.
    pub fn all(&self) -> impl Iterator<Item = &T> {
        self.all.values()
    }

    /// Those that are not built in, by code.
    pub fn own(&self) -> impl Iterator<Item = &T> {
        self.own.iter().filter_map(|key| self.all.get(key))
    }
}

fn one<T: Filed>(file: &str, text: &str) -> Result<(String, T), WrongFile> {
    let read = T::read(text).map_err(|fault| wrong::<T>(file, fault))?;
    let code = read.code();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if !(1..=MAX_CODE_LEN).contains(&code.len()) || !code.bytes().all(plain) {
        let needed = format!("code \"{code}\": 1 to {MAX_CODE_LEN} letters, digits, - _ . are needed");
        return Err(wrong::<T>(file, needed));
    }
    Ok((code.to_lowercase(), read))
}

fn wrong<T: Filed>(file: &str, fault: impl Display) -> WrongFile {
    WrongFile::Wrong { word: T::WORD, file: file.to_owned(), fault: fault.to_string() }
}

/// The names and texts of a folder's TOML files, by name.
fn texts(folder: &Path) -> Result<Vec<(String, String)>, WrongFile> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            paths.push(path);
        }
        if paths.len() > MAX_FILES {
            return Err(WrongFile::TooMany(folder.to_owned()));
        }
    }
    paths.sort();
    paths.iter().map(|path| Ok((path.display().to_string(), text(path)?))).collect()
}

fn text(path: &Path) -> Result<String, WrongFile> {
    if std::fs::metadata(path).map_err(unreadable(path))?.len() > MAX_FILE_BYTES {
        return Err(WrongFile::TooLarge(path.to_owned()));
    }
    std::fs::read_to_string(path).map_err(unreadable(path))
}

fn unreadable(path: &Path) -> impl FnOnce(std::io::Error) -> WrongFile {
    move |error| WrongFile::Unreadable(path.to_owned(), error)
}

/// What a house prints on, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Files {
    /// On what.
    pub stocks: Stocks,
    /// What stands where.
    pub templates: Templates,
}

impl Files {
    /// The built-in ones, and those in `stocks` and `templates` of a house's folder, where there are such.
    pub fn of_house(folder: Option<&Path>) -> Result<Self, WrongFile> {
        Ok(Self { stocks: beneath(folder, "stocks")?, templates: beneath(folder, "templates")? })
    }
}

fn beneath<T: Filed>(folder: Option<&Path>, name: &str) -> Result<Shelf<T>, WrongFile> {
    let Some(folder) = folder.map(|folder| folder.join(name)) else { return Shelf::read([]) };
    let is_there = folder.try_exists().map_err(unreadable(&folder))?;
    if is_there { Shelf::with(&folder) } else { Shelf::read([]) }
}

#[cfg(test)]
mod tests {
    use super::super::{Stock, Template};
    use super::*;

    const STOCK: &str = "code = 'House-1'\nname = 'Of the house'\nsource = 'measured'\nmedium = 'roll'\nlabel_mm = [60, 30]\n";

    fn is_all_of<T: Filed>(folder: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("labels").join(folder);
        let there: Vec<_> = texts(&folder).unwrap();
        let built_in: BTreeMap<_, _> = T::BUILT_IN.iter().copied().collect();
        let there: BTreeMap<_, _> = there
            .iter()
            .map(|(file, text)| (Path::new(file).file_stem().unwrap().to_str().unwrap(), text.as_str()))
            .collect();
        assert_eq!(there, built_in);
        assert_eq!(Shelf::<T>::read([]).unwrap().all().count(), built_in.len());
    }

    #[test]
    fn every_file_of_the_folders_is_built_in_and_right() {
        is_all_of::<Stock>("stocks");
        is_all_of::<Template>("templates");
    }

    #[test]
    fn a_file_of_the_house_replaces_a_built_in_one_and_never_another_of_the_house() {
        let ours = STOCK.replace("House-1", "l7160");
        let stocks = Stocks::read([("a.toml", STOCK), ("b.toml", ours.as_str())]).unwrap();
        assert_eq!(stocks.all().count(), Stock::BUILT_IN.len() + 1);
        assert_eq!(stocks.find("L7160").unwrap().name, "Of the house");
        assert_eq!(stocks.own().map(Filed::code).collect::<Vec<_>>(), ["House-1", "l7160"]);
        let twice = Stocks::read([("a.toml", STOCK), ("b.toml", STOCK)]).unwrap_err();
        assert_eq!(twice.to_string(), "stock b.toml: a.toml has the code House-1 too");
    }

    #[test]
    fn a_wrong_file_is_named_with_what_is_wrong_in_it() {
        for (from, to, says) in [
            ("House-1", "", "stock a.toml: code \"\": 1 to 32 letters, digits, - _ . are needed"),
            ("House-1", "A/B", "stock a.toml: code \"A/B\": 1 to 32 letters, digits, - _ . are needed"),
            ("[60, 30]", "[6, 30]", "stock a.toml: a label of 6 mm by 30 mm is too small"),
        ] {
            let error = Stocks::read([("a.toml", STOCK.replace(from, to).as_str())]).unwrap_err().to_string();
            assert!(error.starts_with(says), "{error}");
        }
    }
}
