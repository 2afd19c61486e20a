//! How each signal looks and sounds: colour, word and shape, never colour alone (DESK.md, signals).

use crate::domain::answer::Signal;

/// The look of one signal or desk state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sign {
    /// Its name in style, script and interfaces.
    pub name: &'static str,
    /// The big word.
    pub word: &'static str,
    /// The shape: an id of `shapes.html`.
    pub shape: &'static str,
    /// The colour, in words.
    pub colour: &'static str,
    /// What it means.
    pub means: &'static str,
    /// What it sounds like.
    pub sound: &'static str,
}

macro_rules! signs {
    ($($constant:ident $name:literal $word:literal $shape:literal $colour:literal $means:literal $sound:literal)*) => {
        $(
            #[doc = $means]
            pub const $constant: Sign = Sign { name: $name, word: $word, shape: $shape, colour: $colour, means: $means, sound: $sound };
        )*
        /// Every sign, in the order of the help page.
        pub const ALL: &[Sign] = &[$($constant,)*];
    };
}

signs! {
    ARRIVED "arrived" "RECEIVED" "tick" "green" "Accepted: the folder is here." "One note"
    SENT "sent" "SENT" "arrow" "green" "Accepted: the folder goes to the place shown, or was left there." "Two rising notes"
    FILED "filed" "FILED" "arrow" "green" "Accepted: the folder lies on the shelf shown." "Two rising notes"
    PACKED "packed" "PACKED" "arrow" "green" "Accepted: the folder lies in the container shown." "Two rising notes"
    LOOK "look" "LOOK" "eye" "amber" "Accepted, and there is something to do with this folder now. Read the page." "Two equal notes"
    REFUSED "refused" "NOT DONE" "cross" "red" "What was asked was not done. The page says why and what next. Put the folder aside." "A low note"
    STOP "stop" "STOP" "cross" "red" "Not done, and the desk waits until OK or END is scanned, or what the page asks for." "Two low falling notes, repeated until a way out is scanned"
    TOLD "told" "NOTED" "speech" "blue" "An answer, or a card taken. No folder moved." "A soft tick"
    KEPT "kept" "KEPT" "clock" "grey-green" "Safe in this desk's own journal; the server has not got it yet." "As accepted, but lower"
    WAIT "wait" "WAIT" "clock" "amber" "No answer yet. Do not scan on until it comes." "A slow pulse"
    DOWN "down" "USE PAPER SLIPS" "cross" "red" "The server records nothing. Write a slip for each folder." "A siren"
    LOST "lost" "SCANNER LOST" "plug" "red" "This scanner does not answer. Plug it in again, then scan on from the folder after the last recorded one." "A siren, from the page"
    LOCKED "locked" "LOCKED" "cross" "red" "This scanner belongs to no desk yet, or stands where another one did. Scan your badge with it, then the desk's pairing card." "A low note with each scan"
}

/// How a signal looks.
pub const fn of(signal: Signal) -> Sign {
    match signal {
        Signal::Arrived => ARRIVED,
        Signal::Sent => SENT,
        Signal::Filed => FILED,
        Signal::Packed => PACKED,
        Signal::Look => LOOK,
        Signal::Refused => REFUSED,
        Signal::Stop => STOP,
        Signal::Told => TOLD,
        Signal::Kept => KEPT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_differs_in_word_and_no_two_colours_share_a_shape_but_the_clock_and_the_cross() {
        for (at, sign) in ALL.iter().enumerate() {
            for other in &ALL[at + 1..] {
                assert_ne!(sign.word, other.word);
                let shared = sign.shape == other.shape && sign.colour != other.colour;
                assert!(!shared || sign.shape == "clock", "{} {}", sign.word, other.word);
            }
        }
    }

    #[test]
    fn a_signal_and_its_sign_have_one_name() {
        for sign in &ALL[..9] {
            let signal: Signal = serde_json::from_str(&format!("\"{}\"", sign.name)).unwrap();
            assert_eq!(of(signal), *sign);
            assert_eq!(signal.word(), sign.name);
        }
    }
}
