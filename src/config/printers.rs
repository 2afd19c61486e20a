//! The printers of labels.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use toml::Spanned;

use super::check::{Checked, complain, is_address};
use super::written;
use crate::domain::printing::LabelPrinter;
use crate::labels::Stocks;
use crate::labels::measure::Dpi;
use crate::labels::print::{Language, Server, Setup, Tray, Via};
use crate::labels::printer::Colours;
use crate::labels::stock::Medium;

/// Most printers of one service: each has a task of its own, and a list of more is no longer chosen from.
const MAX_PRINTERS: usize = 256;
/// Longest name of a printer, in characters: it stands on buttons.
const MAX_NAME_LEN: usize = 64;
/// More dots than any printer is off by: an inch at 1200 to the inch.
const MAX_OFFSET: i32 = 1_200;
/// The port of IPP.
const IPP_PORT: u16 = 631;

pub(super) fn printers(
    written: &[written::Printer],
    folder: Option<&Path>,
    stocks: &Stocks,
) -> Checked<Vec<Setup>> {
    if let Some(first_beyond) = written.get(MAX_PRINTERS) {
        return complain(
            &first_beyond.name,
            format!("more than {MAX_PRINTERS} printers: part the service in two"),
        );
    }
    let mut names = HashSet::new();
    written.iter().map(|block| printer(block, folder, stocks, &mut names)).collect()
}

fn printer<'a>(
    block: &'a written::Printer,
    folder: Option<&Path>,
    stocks: &Stocks,
    names: &mut HashSet<&'a str>,
) -> Checked<Setup> {
    let name = block.name.get_ref().trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_LEN || name.chars().any(char::is_control) {
        return complain(&block.name, format!("name: write one of 1 to {MAX_NAME_LEN} letters and digits"));
    }
    if !names.insert(name) {
        return complain(
            &block.name,
            format!("printer {name} is there twice: give each printer a name of its own"),
        );
    }
    let via = via(&block.via, folder)?;
    let language = language(block, &via)?;
    let stock = block.stock.as_ref().map(|code| stock(code, stocks)).transpose()?;
    let trays = block.tray.iter().map(|block| tray(block, stocks)).collect::<Checked<_>>()?;
    Ok(Setup {
        name: name.to_owned(),
        dpi: dpi(&block.dpi)?,
        colours: colours(&block.colours, language)?,
        language,
        stock,
        offset: offset(&block.offset)?,
        trays,
        via,
    })
}

fn via(text: &Spanned<String>, folder: Option<&Path>) -> Checked<Via> {
    let written = text.get_ref();
    if let Some(path) = written.strip_prefix("folder:").filter(|path| !path.trim().is_empty()) {
        let path = PathBuf::from(path.trim());
        return Ok(Via::Folder(folder.map_or_else(|| path.clone(), |folder| folder.join(&path))));
    }
    if let Some(address) = written.strip_prefix("tcp://").filter(|address| is_address(address)) {
        return Ok(Via::Tcp(address.to_owned()));
    }
    if let Some(server) = written.strip_prefix("ipp://").and_then(server) {
        return Ok(Via::Ipp(server));
    }
    complain(
        text,
        format!(
            "via \"{written}\" is no way to a printer: write one such as \"ipp://print.local:631/printers/Labels\", \
             \"tcp://10.1.2.9:9100\" or \"folder:spool\""
        ),
    )
}

fn server(text: &str) -> Option<Server> {
    let (host, path) = text.split_once('/')?;
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"';
    let authority = if is_address(host) { host.to_owned() } else { format!("{host}:{IPP_PORT}") };
    let fits = is_address(&authority) && !host.contains('@') && !path.is_empty() && text.bytes().all(plain);
    fits.then(|| Server { authority, path: format!("/{path}") })
}

fn language(block: &written::Printer, via: &Via) -> Checked<Language> {
    let usual = match via {
        Via::Ipp(_) | Via::Folder(_) => Language::Pdf,
        Via::Tcp(_) => Language::Zpl,
    };
    let Some(word) = &block.language else { return Ok(usual) };
    let language = match word.get_ref().as_str() {
        "pdf" => Language::Pdf,
        "zpl" => Language::Zpl,
        other => return complain(word, format!("language \"{other}\" is none: write \"pdf\" or \"zpl\"")),
    };
    if language == usual || matches!(via, Via::Folder(_)) {
        return Ok(language);
    }
    complain(
        word,
        format!("language \"{}\" does not go this way: ipp:// takes pdf, tcp:// takes zpl", language.word()),
    )
}

fn dpi(dots: &Spanned<u16>) -> Checked<Dpi> {
    let known = Dpi::new(*dots.get_ref());
    known.map_or_else(
        || complain(dots, format!("dpi {}: 150 to 1200 are possible, such as 203, 300, 600", dots.get_ref())),
        Ok,
    )
}

fn colours(word: &Spanned<String>, language: Language) -> Checked<Colours> {
    match (word.get_ref().as_str(), language) {
        ("black", _) => Ok(Colours::Black),
        ("ten", Language::Pdf) => Ok(Colours::Ten),
        ("ten", Language::Zpl) => complain(word, "colours: a printer that is told ZPL prints black alone"),
        (other, _) => complain(word, format!("colours \"{other}\" are none: write \"black\" or \"ten\"")),
    }
}

/// The printer of one desk, which prints a label at a time: on a sheet it would not know which ones are used.
pub(super) fn of_desk(name: &Spanned<String>, printers: &[Setup], stocks: &Stocks) -> Checked<LabelPrinter> {
    let written = name.get_ref().trim();
    let Some(setup) = printers.iter().find(|setup| setup.name == written) else {
        return complain(
            name,
            format!(
                "label_printer \"{written}\" is no printer of this file: write the name of a [[printer]]"
            ),
        );
    };
    let held = setup.stock.as_ref().and_then(|stock| stocks.find(stock));
    match held.filter(|stock| stock.medium == Medium::Roll) {
        Some(roll) => Ok(LabelPrinter { name: setup.name.clone(), stock: roll.code.clone() }),
        None => complain(
            name,
            format!(
                "label_printer \"{written}\" prints a label at a time: give that printer the stock of a roll, \
                 such as \"70x35\""
            ),
        ),
    }
}

fn stock(code: &Spanned<String>, stocks: &Stocks) -> Checked<String> {
    if let Some(stock) = stocks.find(code.get_ref()) {
        return Ok(stock.code.clone());
    }
    let known: Vec<_> = stocks.all().map(|stock| stock.code.as_str()).collect();
    complain(code, format!("stock \"{}\" is not one of: {}", code.get_ref(), known.join(", ")))
}

fn tray(block: &written::Tray, stocks: &Stocks) -> Checked<Tray> {
    let source = block.source.get_ref();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if !(1..=MAX_NAME_LEN).contains(&source.len()) || !source.bytes().all(plain) {
        return complain(
            &block.source,
            format!(
                "source \"{source}\" is no tray: write the printer's own word, such as \"tray-2\" or \"manual\""
            ),
        );
    }
    Ok(Tray { source: source.clone(), stock: stock(&block.stock, stocks)?, offset: offset(&block.offset)? })
}

fn offset(dots: &Spanned<(i32, i32)>) -> Checked<(i32, i32)> {
    let (right, down) = *dots.get_ref();
    let held = -MAX_OFFSET..=MAX_OFFSET;
    if held.contains(&right) && held.contains(&down) {
        return Ok((right, down));
    }
    complain(dots, format!("offset [{right}, {down}]: whole dots, at most {MAX_OFFSET} each way"))
}
