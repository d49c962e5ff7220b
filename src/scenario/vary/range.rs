//! A range of values, and how they are spread over it.

use std::fmt;

use crate::scenario::schema::Spacing;

/// From one value to a larger one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueRange {
    /// Smaller end.
    pub lo: f64,
    /// Larger end.
    pub hi: f64,
    /// On which scale values are spread evenly.
    pub spacing: Spacing,
}

impl ValueRange {
    /// A range, checked.
    ///
    /// # Errors
    /// Why there is no such range.
    pub fn new(lo: f64, hi: f64, spacing: Spacing) -> Result<Self, String> {
        let range = ValueRange { lo, hi, spacing };
        if !lo.is_finite() || !hi.is_finite() {
            return Err(format!("`{range}`: ends are numbers"));
        }
        if lo >= hi {
            return Err(format!("`{range}` falls: write the smaller end first"));
        }
        match spacing {
            Spacing::Log if lo <= 0.0 => Err(format!("`{range}`: logarithms need ends above 0")),
            Spacing::Logit if lo <= 0.0 || hi >= 1.0 => {
                Err(format!("`{range}`: logarithms of odds need ends between 0 and 1"))
            }
            _ => Ok(range),
        }
    }

    /// From `lo..hi`, `log:lo..hi` or `logit:lo..hi`.
    ///
    /// # Errors
    /// What is wrong with it, and what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (spacing, plain) = split_spacing(text);
        let number = |word: &str| word.trim().parse::<f64>().ok().filter(|x| x.is_finite());
        let ends = plain.split_once("..").and_then(|(lo, hi)| Some((number(lo)?, number(hi)?)));
        let (lo, hi) = ends.ok_or_else(|| {
            format!("`{text}` is no range: expected lo..hi, such as 0..1, or log:lo..hi, such as log:0.01..1, and behind it :n for n values")
        })?;
        ValueRange::new(lo, hi, spacing)
    }

    /// The value so far along the range: 0 is the smaller end, 1 the larger.
    pub fn at(&self, share: f64) -> f64 {
        if share <= 0.0 || share >= 1.0 {
            return if share <= 0.0 { self.lo } else { self.hi };
        }
        let logit = |x: f64| libm::log(x / (1.0 - x));
        let between = |lo: f64, hi: f64| lo + (hi - lo) * share;
        let value = match self.spacing {
            Spacing::Linear => between(self.lo, self.hi),
            Spacing::Log => libm::exp(between(libm::log(self.lo), libm::log(self.hi))),
            Spacing::Logit => 1.0 / (1.0 + libm::exp(-between(logit(self.lo), logit(self.hi)))),
        };
        // Rounding, or a range wider than floats reach, must not lead out of it.
        value.clamp(self.lo, self.hi)
    }

    /// The value so far along the range as TOML writes it: in at most twelve digits, or whole.
    pub fn written(&self, share: f64, whole: bool) -> String {
        match whole {
            true => format!("{:.0}", self.at(share).round()),
            false => tidy(self.at(share)),
        }
    }

    /// So many values, evenly spread, both ends among them.
    pub fn steps(&self, n: usize) -> Vec<String> {
        // As many digits as tell values apart, so that 0..1:11 is 0.1, 0.2, 0.3 and not 0.30000000000000004.
        (0..n).map(|i| tidy(self.at(i as f64 / (n.max(2) - 1) as f64))).collect()
    }
}

impl fmt::Display for ValueRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = match self.spacing {
            Spacing::Linear => "",
            Spacing::Log => "log:",
            Spacing::Logit => "logit:",
        };
        write!(f, "{before}{}..{}", tidy(self.lo), tidy(self.hi))
    }
}

/// The spacing that stands before a range, and the rest.
pub(super) fn split_spacing(text: &str) -> (Spacing, &str) {
    let words = [("log:", Spacing::Log), ("logit:", Spacing::Logit)];
    let found = words.iter().find_map(|(word, spacing)| Some((*spacing, text.strip_prefix(word)?)));
    found.unwrap_or((Spacing::Linear, text))
}

/// A number in at most twelve digits.
pub(super) fn tidy(x: f64) -> String {
    let text = format!("{x:.11e}");
    let rounded: f64 = text.parse().unwrap_or(x);
    format!("{rounded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_met_exactly_and_the_middle_is_that_of_the_scale() {
        for (text, middle) in [("0.1..0.4", 0.25), ("log:0.1..0.4", 0.2), ("logit:0.2..0.8", 0.5)] {
            let range = ValueRange::parse(text).expect("a range");
            assert_eq!((range.at(0.0), range.at(1.0)), (range.lo, range.hi));
            assert!((range.at(0.5) - middle).abs() < 1e-12, "{text}");
            assert_eq!(range.to_string(), text);
        }
        let whole = ValueRange::parse("1..3").expect("a range");
        assert_eq!([0.0, 0.2, 0.25, 0.5, 0.9].map(|u| whole.written(u, true)), ["1", "1", "2", "2", "3"]);
    }
}
