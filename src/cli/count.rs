//! Numbers of people as people write them: 20_000, 100k, 1.5M, 2bn.

/// What a unit multiplies by, as a power of ten. Case is no difference; the longest that fits counts.
const UNITS: [(&str, u32); 6] = [("bn", 9), ("b", 9), ("mio", 6), ("m", 6), ("k", 3), ("", 0)];

/// A number of people: at least 1; underscores may group digits.
pub fn count(text: &str) -> Result<u64, String> {
    let wrong = || "expected a whole number such as 1000000, 1_000_000, 100k, 1.5M or 2bn".to_owned();
    let plain = text.trim().replace('_', "").to_lowercase();
    let unit = UNITS.iter().find_map(|(unit, power)| Some((plain.strip_suffix(unit)?, *power)));
    let (digits, power) = unit.ok_or_else(wrong)?;
    let (whole, part) = digits.trim_end().split_once('.').unwrap_or((digits.trim_end(), ""));
    let all_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(part) || digits.ends_with('.') {
        return Err(wrong());
    }
    // In digits, not in floats: 1.1M is 1100000.
    let part = part.trim_end_matches('0');
    let Some(zeros) = (power as usize).checked_sub(part.len()) else {
        return Err(format!("{text} is not a whole number of people"));
    };
    match format!("{whole}{part}{}", "0".repeat(zeros)).parse::<u64>() {
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
