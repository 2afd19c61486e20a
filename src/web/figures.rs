//! Counts as people read them.

use crate::store::Bounded;

/// `1,234,567`.
pub fn number(value: impl Copy + ToString) -> String {
    let digits = value.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 desk`, `1,200 desks`.
pub fn counted<N: Copy + ToString + PartialEq + From<u8>>(count: N, one: &str, more: &str) -> String {
    let word = if count == N::from(1) { one } else { more };
    format!("{} {word}", number(count))
}

/// `12`, or `200+`.
pub fn bounded(count: Bounded) -> String {
    let more = if count.more { "+" } else { "" };
    format!("{}{more}", number(count.count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart_and_what_was_not_counted_out_says_so() {
        assert_eq!([0, 12, 999, 1_000, 1_234_567].map(number), ["0", "12", "999", "1,000", "1,234,567"]);
        let desks = [0, 1, 1_200].map(|count| counted(count, "desk", "desks"));
        assert_eq!(desks, ["0 desks", "1 desk", "1,200 desks"]);
        assert_eq!([false, true].map(|more| bounded(Bounded { count: 1_000, more })), ["1,000", "1,000+"]);
    }
}
