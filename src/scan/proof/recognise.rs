//! From a read to a symbol of the proof, spoilt as settings spoil it. Every form that is taken is written here: no read
//! is like one of them by chance, so that nothing else can be taken for a symbol of the proof.

use std::collections::BTreeSet;

use super::{Setting, Symbol};
use crate::scan::aim::{Aim, Symbology};

const GS: char = '\u{1d}';
/// Most characters that stand for a group separator: `{GS}`, `029`, `\x1d`, and `[Alt+029]` with its keys written out.
const MOST_FOR_GS: usize = 10;

/// What a read holds of the proof.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Seen {
    /// One symbol, and what its form says of the scanner's settings.
    One {
        /// Which.
        symbol: Symbol,
        /// What it shows to be set otherwise.
        found: BTreeSet<Setting>,
    },
    /// The two of the pair, as one read.
    Together,
}

/// The symbol of the proof that a read is, however its settings spoilt it. `aim` is the identifier that came with it.
pub fn recognise(text: &str, aim: Option<&str>) -> Option<Seen> {
    let text = text.trim();
    let within = if aim.is_none() { Aim::take(text.as_bytes()) } else { None };
    let text = if within.is_some() { text.get(3..).unwrap_or_default() } else { text };
    if is_pair(text) {
        return Some(Seen::Together);
    }
    let aim = aim.and_then(|aim| Some(Aim::take(aim.as_bytes())?.0));
    Symbol::ALL.into_iter().find_map(|symbol| {
        let mut found = form_of(text, symbol)?;
        match (aim, within) {
            (Some(aim), _) => found.extend(plain(aim, symbol)),
            (None, Some(_)) => found.extend([Setting::IdentifierAsText]),
            (None, None) => found.extend([Setting::Identifier]),
        }
        Some(Seen::One { symbol, found })
    })
}

/// GS1-128 that says it is plain Code 128.
fn plain(aim: Aim, symbol: Symbol) -> Option<Setting> {
    (symbol == Symbol::Gs1 && aim.symbology() == Symbology::Code128).then_some(Setting::Gs1)
}

/// The pair with nothing between, or with the second one's identifier.
fn is_pair(text: &str) -> bool {
    let ends = (Symbol::PairFirst.text(), Symbol::PairSecond.text());
    let starts = text.get(..ends.0.len()).is_some_and(|start| start.eq_ignore_ascii_case(ends.0));
    let rest = text.get(ends.0.len()..).unwrap_or_default();
    let rest = Aim::take(rest.as_bytes()).map_or(rest, |_| rest.get(3..).unwrap_or_default());
    starts && rest.eq_ignore_ascii_case(ends.1)
}

/// What the form of `text` says, if it is `symbol`.
fn form_of(text: &str, symbol: Symbol) -> Option<BTreeSet<Setting>> {
    if symbol == Symbol::Gs1 {
        return gs1(text);
    }
    let bare = text.strip_prefix('*').and_then(|text| text.strip_suffix('*'));
    if let (Symbol::Code39, Some(bare)) = (symbol, bare) {
        let mut found = typed(bare, symbol.text())?;
        found.insert(Setting::Stars);
        return Some(found);
    }
    typed(text, symbol.text())
}

/// The GS1 symbol, with whatever stands for its separator.
fn gs1(text: &str) -> Option<BTreeSet<Setting>> {
    let (head, tail) = Symbol::Gs1.text().split_once(GS)?;
    let whole: String = text.trim_start_matches(GS).chars().filter(|sign| !"()".contains(*sign)).collect();
    let signs: Vec<char> = whole.chars().collect();
    let between = signs.len().checked_sub(head.len() + tail.len()).filter(|len| *len <= MOST_FOR_GS)?;
    let (start, rest) = signs.split_at_checked(head.len())?;
    let (middle, end) = rest.split_at_checked(between)?;
    let ends: String = start.iter().chain(end).collect();
    let mut found = typed(&ends, &format!("{head}{tail}"))?;
    if middle != [GS] {
        found.insert(Setting::GroupSeparator);
    }
    Some(found)
}

/// What keys make of a text where the scanner presses those of one layout and the computer takes them for another.
struct Layout {
    shows: Setting,
    /// What was meant, and what comes of it.
    keys: &'static [(char, char)],
}

/// Layouts that turn a text into another: US keys on a British computer, British on a US one, US on a French and on a
/// German one. From the layouts themselves (ISO/IEC 9995, HID usage tables chapter 10).
const LAYOUTS: [Layout; 4] = [
    Layout { shows: Setting::Signs, keys: &[('@', '"'), ('#', '£')] },
    Layout { shows: Setting::Signs, keys: &[('@', '"'), ('#', '\\')] },
    Layout {
        shows: Setting::Language,
        keys: &[
            ('a', 'q'),
            ('z', 'w'),
            ('-', ')'),
            ('@', '2'),
            ('#', '3'),
            ('1', '&'),
            ('2', 'é'),
            ('3', '"'),
            ('6', '-'),
            ('7', 'è'),
            ('8', '_'),
            ('9', 'ç'),
            ('0', 'à'),
        ],
    },
    Layout {
        shows: Setting::Language, keys: &[('z', 'y'), ('y', 'z'), ('-', 'ß'), ('@', '"'), ('#', '§')]
    },
];

/// What `text` says if it is `meant` with its case or its keys changed.
fn typed(text: &str, meant: &str) -> Option<BTreeSet<Setting>> {
    if text == meant {
        return Some(BTreeSet::new());
    }
    if same(text, meant, &[]) {
        return Some(BTreeSet::from([Setting::Case]));
    }
    let layout = LAYOUTS.iter().find(|layout| same(text, meant, layout.keys))?;
    Some(BTreeSet::from([layout.shows]))
}

/// Whether `text` is `meant` typed on these keys, in whatever case.
fn same(text: &str, meant: &str, keys: &[(char, char)]) -> bool {
    let pressed = |sign: char| {
        let becomes = keys.iter().find(|(wanted, _)| *wanted == sign);
        becomes.map_or(sign, |(_, becomes)| *becomes)
    };
    let lower = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<Vec<_>>();
    lower(text).into_iter().eq(lower(meant).into_iter().map(pressed))
}
