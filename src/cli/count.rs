//! Numbers of people as people write them: 20_000, 100k, 1.5M, 2bn.

use crate::scenario::without_unit;

/// A number of people: at least 1; underscores may group digits.
pub fn count(text: &str) -> Result<u64, String> {
    // A number without a unit is read as one of whole units.
    let plain = text.trim();
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = match without_unit(plain) {
        Some(digits) => digits,
        None if whole.starts_with(|c: char| c.is_ascii_digit()) && !plain.ends_with('.') => {
            format!("{}{}", whole.replace('_', ""), if part.trim_matches('0').is_empty() { "" } else { "." })
        }
        None => String::new(),
    };
    if digits.contains('.') {
        return Err(format!("{text} is not a whole number of people"));
    }
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err("expected a whole number such as 1000000, 1_000_000, 100k, 1.5M or 2bn".to_owned());
    }
    match digits.parse::<u64>() {
        Ok(0) => Err("at least one person is needed".into()),
        Ok(n) if n <= i64::MAX as u64 => Ok(n),
        _ => Err("that is more people than can be counted".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_as_people_write_them() {
        for (text, number) in [
            ("1", 1),
            ("1_000_000", 1_000_000),
            ("100k", 100_000),
            ("1M", 1_000_000),
            ("1.5M", 1_500_000),
            ("1.1m", 1_100_000),
            ("2bn", 2_000_000_000),
            ("1.3B", 1_300_000_000),
            ("0.5k", 500),
            ("20.0", 20),
        ] {
            assert_eq!(count(text), Ok(number), "{text}");
        }
        for text in [
            "",
            "k",
            "0",
            "0k",
            "-5",
            "1.5",
            "1.2345k",
            ".5M",
            "5.",
            "1e5",
            "1,000",
            "10 people",
            "99999999999bn",
            "1.5.5M",
        ] {
            assert!(count(text).is_err(), "{text}");
        }
    }
}
