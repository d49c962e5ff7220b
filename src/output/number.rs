//! How numbers are written on the figures.

/// Stands where there is no figure.
pub const MISSING: &str = "–";

/// Space that does not break between a number and its unit.
const NBSP: char = '\u{a0}';

/// A count: exact below a million ("381,204"), else three digits and a unit ("1.24 bn").
pub fn count(x: f64) -> String {
    if !x.is_finite() || x < 0.0 {
        return MISSING.to_owned();
    }
    if x.round() < 1e6 {
        if x > 0.0 && x < 0.5 {
            return "<1".to_owned();
        }
        return grouped(x.round() as u64);
    }
    // The unit is chosen after rounding: 999,999,999 is 1.00 bn, not 1,000 mn.
    let mut scaled = x / 1e6;
    let units = ["mn", "bn", "tn", "qn"];
    let mut unit = 0;
    while scaled >= 999.5 && unit + 1 < units.len() {
        scaled /= 1e3;
        unit += 1;
    }
    format!("{}{NBSP}{}", three_digits(scaled), units[unit])
}

/// An exact integer with thousands separators.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A share: one decimal below 10% and above 90%; never "0%" for something nor "100%" for not quite all.
pub fn percent(share: f64) -> String {
    if !share.is_finite() || share < 0.0 {
        return MISSING.to_owned();
    }
    let p = share * 100.0;
    if p == 0.0 {
        "0%".to_owned()
    } else if p < 0.1 {
        "<0.1%".to_owned()
    } else if p == 100.0 {
        "100%".to_owned()
    } else if p > 99.9 && p < 100.0 {
        ">99.9%".to_owned()
    } else if p < 9.95 || (p > 90.05 && p < 100.0) {
        format!("{p:.1}%")
    } else {
        format!("{p:.0}%")
    }
}

/// A mean or a rate with three digits.
pub fn three_digits(x: f64) -> String {
    if !x.is_finite() {
        MISSING.to_owned()
    } else if x >= 99.95 {
        grouped(x.round() as u64)
    } else if x >= 9.995 {
        format!("{x:.1}")
    } else {
        format!("{x:.2}")
    }
}

/// A tick of a count axis: as short as it can be ("0", "50,000", "1.5 mn").
pub fn tick(x: f64) -> String {
    let text = count(x);
    match text.split_once(NBSP) {
        Some((n, unit)) if n.contains('.') => format!("{}{NBSP}{unit}", n.trim_end_matches('0').trim_end_matches('.')),
        _ => text,
    }
}

/// A float for a data file: shortest digits that read back the same; empty where there is none.
pub fn exact(x: f64) -> String {
    if x.is_finite() { format!("{x}") } else { String::new() }
}

/// "a", "a and b", "a, b and c".
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [most @ .., last] => {
            format!("{} and {}", most.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", "), last.as_ref())
        }
    }
}

/// "1 day", "60 days".
pub fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{}{NBSP}{}", grouped(n), if n == 1 { one } else { many })
}

/// A count with its interval, where the two differ as they are written: "1.23 M (1.20 M to 1.26 M)".
pub fn count_within(mean: f64, interval: Option<(f64, f64)>) -> String {
    within(count(mean), interval.map(|(lo, hi)| (count(lo), count(hi))))
}

/// The ends of an interval of counts, "1.20 to 1.26 mn"; nothing where they are the same as they are written.
pub fn count_range(interval: Option<(f64, f64)>) -> Option<String> {
    let (lo, hi) = interval.map(|(lo, hi)| (count(lo), count(hi))).filter(|(lo, hi)| lo != hi)?;
    // A unit that both have is written once.
    let lo = match (lo.split_once(NBSP), hi.split_once(NBSP)) {
        (Some((number, unit)), Some((_, other))) if unit == other => number,
        _ => &lo,
    };
    Some(format!("{lo} to {hi}"))
}

/// The ends of an interval of shares, "84.5 to 84.7%"; nothing where they are the same as they are written.
pub fn share_range(interval: Option<(f64, f64)>) -> Option<String> {
    let interval = interval?;
    let (lo, hi) = (percent(interval.0), percent(interval.1));
    if lo == hi {
        return None;
    }
    // Both ends to the same digit, but for 0 and 100.
    let fine = lo.contains('.') || hi.contains('.');
    let alike = |text: String, x: f64| match text.as_str() {
        "0%" | "100%" => text,
        whole if fine && !whole.contains('.') => format!("{:.1}%", x * 100.0),
        _ => text,
    };
    let (lo, hi) = (alike(lo, interval.0), alike(hi, interval.1));
    Some(format!("{} to {hi}", lo.trim_end_matches('%')))
}

/// A share with its interval, where the two differ as they are written: "84.6 %, 84.5 to 84.7 %".
pub fn share_within(mean: f64, interval: Option<(f64, f64)>) -> String {
    let share = percent(mean);
    share_range(interval).map_or_else(|| share.clone(), |range| format!("{share}; {range}"))
}

fn within(mean: String, ends: Option<(String, String)>) -> String {
    match ends {
        Some((lo, hi)) if lo != hi => format!("{mean} ({lo} to {hi})"),
        _ => mean,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_well() {
        let cases = [
            (0.0, "0"),
            (0.2, "<1"),
            (999.0, "999"),
            (381_204.0, "381,204"),
            (999_999.0, "999,999"),
            (999_999.6, "1.00\u{a0}mn"),
            (1_240_000_000.0, "1.24\u{a0}bn"),
            (999_999_999.0, "1.00\u{a0}bn"),
            (45_600_000.0, "45.6\u{a0}mn"),
            (456_000_000.0, "456\u{a0}mn"),
            (f64::NAN, MISSING),
            (f64::INFINITY, MISSING),
            (-1.0, MISSING),
        ];
        for (x, text) in cases {
            assert_eq!(count(x), text);
        }
    }

    #[test]
    fn shares_do_not_lie_at_the_ends() {
        let cases = [
            (0.0, "0%"),
            (0.0004, "<0.1%"),
            (0.034, "3.4%"),
            (0.099_6, "10%"),
            (0.62, "62%"),
            (0.994, "99.4%"),
            (0.999_96, ">99.9%"),
            (1.0, "100%"),
            (f64::NAN, MISSING),
        ];
        for (x, text) in cases {
            assert_eq!(percent(x), text);
        }
    }

    #[test]
    fn ranges_are_short() {
        let counts = |lo, hi| count_range(Some((lo, hi)));
        assert_eq!(counts(1_204_000.0, 1_260_000.0).as_deref(), Some("1.20 to 1.26\u{a0}mn"));
        assert_eq!(counts(912_000.0, 1_260_000.0).as_deref(), Some("912,000 to 1.26\u{a0}mn"));
        assert_eq!(counts(9.1, 10.4).as_deref(), Some("9 to 10"));
        assert_eq!((counts(9.9, 10.4), count_range(None)), (None, None));
        assert_eq!(share_range(Some((0.843, 0.867))).as_deref(), Some("84 to 87%"));
        assert_eq!(share_range(Some((0.868, 0.932))).as_deref(), Some("86.8 to 93.2%"));
        assert_eq!(share_range(Some((0.0, 0.012))).as_deref(), Some("0 to 1.2%"));
        assert_eq!(share_within(0.95, Some((0.945, 0.957))), "95.0%; 94.5 to 95.7%");
        assert_eq!(share_within(0.62, Some((0.619, 0.621))), "62%");
    }

    #[test]
    fn lists_read_well() {
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn ticks_are_short() {
        assert_eq!(tick(1_500_000.0), "1.5\u{a0}mn");
        assert_eq!(tick(2_000_000.0), "2\u{a0}mn");
        assert_eq!(tick(100_000_000.0), "100\u{a0}mn");
        assert_eq!(tick(50_000.0), "50,000");
    }
}
