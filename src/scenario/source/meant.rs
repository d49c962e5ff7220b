//! What a number that TOML does not read was meant to be: with a unit, as a fraction, without the digit before its point.

/// What a unit of large numbers multiplies by, as a power of ten. Case is no difference; the longest that fits counts.
const UNITS: [(&str, usize); 5] = [("bn", 9), ("b", 9), ("mio", 6), ("m", 6), ("k", 3)];

/// The digits of a number that ends with a unit, such as 100k or 1.5M: in digits, not in floats, so that 1.1M is 1100000. None if it has
/// no unit, or is no number.
pub fn without_unit(text: &str) -> Option<String> {
    let plain = text.trim().replace('_', "").to_lowercase();
    let (number, power) = UNITS.iter().find_map(|(unit, power)| Some((plain.strip_suffix(unit)?, *power)))?;
    let number = number.trim_end();
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if !digits(whole) || !(part.is_empty() && !number.ends_with('.') || digits(part)) {
        return None;
    }
    let part = part.trim_end_matches('0');
    let moved = part.len().min(power);
    let whole = format!("{whole}{}{}", &part[..moved], "0".repeat(power - moved));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        rest => rest,
    };
    Some(if moved < part.len() { format!("{whole}.{}", &part[moved..]) } else { whole.to_owned() })
}

/// The number as TOML writes it, if `text` was probably meant as one and TOML reads none.
pub fn meant(text: &str) -> Option<String> {
    let text = text.trim();
    let (sign, plain) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest.trim_start()),
        None => ("", text.strip_prefix('+').unwrap_or(text).trim_start()),
    };
    if !plain.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let number = without_unit(plain).or_else(|| fraction(plain)).or_else(|| {
        // Rust reads what TOML does not: `.5`, `5.`, `.5e0`; other languages mark the type of a number behind it.
        let plain = plain.strip_suffix(['f', 'F', 'd', 'D']).unwrap_or(plain).replace('_', "");
        let value = plain.parse::<f64>().ok().filter(|v| v.is_finite())?;
        Some(match plain.parse::<u64>() {
            Ok(whole) => whole.to_string(),
            Err(_) => value.to_string(),
        })
    })?;
    Some(format!("{sign}{number}"))
}

/// `1/2` as 0.5.
fn fraction(text: &str) -> Option<String> {
    let (a, b) = text.split_once('/')?;
    let (a, b) = (a.trim(), b.trim());
    if !digits(a) || !digits(b) {
        return None;
    }
    let value = a.parse::<f64>().ok()? / b.parse::<f64>().ok()?;
    value.is_finite().then(|| format!("{}", (value * 1e9).round() / 1e9))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for (text, number) in [
            (".5", "0.5"),
            ("+.5", "0.5"),
            ("-.1", "-0.1"),
            (".5e0", "0.5"),
            ("5.", "5"),
            ("0.5f", "0.5"),
            ("1/2", "0.5"),
            ("1/3", "0.333333333"),
            ("4k", "4000"),
            ("1.5M", "1500000"),
            ("2 bn", "2000000000"),
            ("1.2345k", "1234.5"),
            ("0.0001k", "0.1"),
            ("4_000", "4000"),
        ] {
            assert_eq!(meant(text).as_deref(), Some(number), "{text}");
            assert!(number.parse::<toml_edit::Value>().is_ok_and(|v| v.is_integer() || v.is_float()));
        }
        for text in ["", "k", "four", "1/0", "2016-09", "1.2.3", "1e999", "..5", "0x5", "10 people", "b2b"] {
            assert_eq!(meant(text), None, "{text}");
        }
    }
}
