//! What a study varies: keys of a scenario, and the values or the range that they take.

mod defaults;
mod file;
mod numbers;
mod parameter;
mod range;

pub use defaults::{Defaults, assumed};
pub use file::{ParamsError, params, params_file};
pub use numbers::{Number, Numbers};
pub use parameter::{RangedParameter, about_key};
pub use range::ValueRange;

use super::Scenario;
use super::schema::SweepEntry;
use range::split_spacing;

/// Most values of a key.
pub const MOST_VALUES: usize = 100_000;

/// A key, or several that match a pattern, with the values that they take together.
#[derive(Clone, Debug, PartialEq)]
pub struct Vary {
    /// As it was typed: a path, in which `*` stands for any entry.
    pub key: String,
    /// What it takes.
    pub over: VaryOver,
}

/// What a key takes.
#[derive(Clone, Debug, PartialEq)]
pub enum VaryOver {
    /// These values, as TOML writes them.
    Values(Vec<String>),
    /// Any value of a range: which, a sample says.
    Range(ValueRange),
}

impl Vary {
    /// From `KEY=v1,v2,...`, `KEY=lo..hi:n` or `KEY=log:lo..hi:n` (n values from lo to hi, evenly spaced, or so their logarithms); without `:n` a range.
    ///
    /// # Errors
    /// What is wrong with it, and what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let example = "jurisdiction.*.objects.targeted_advertising=0..1:11";
        let (key, values) = text.split_once('=').ok_or_else(|| format!("expected KEY=VALUES, such as {example}"))?;
        let (key, values) = (key.trim(), values.trim());
        if key.is_empty() || values.is_empty() {
            return Err(format!("expected KEY=VALUES, such as {example}"));
        }
        let over = match values.contains("..") {
            true => range(values)?,
            false => VaryOver::Values(values.split(',').map(|value| value.trim().to_owned()).collect()),
        };
        if let VaryOver::Values(values) = &over {
            if let Some(twice) = repeated(values) {
                return Err(format!("the value {twice} stands twice"));
            }
            if values.iter().any(String::is_empty) {
                return Err("a value is missing between two commas".to_owned());
            }
        }
        Ok(Vary { key: key.to_owned(), over })
    }

    /// What a `[[sweep]]` of a scenario says, checked.
    ///
    /// # Errors
    /// Which of its keys is wrong, why, and what to do.
    pub fn of_entry(entry: &SweepEntry) -> Result<Self, (&'static str, String, String)> {
        let over = match (&entry.values, entry.from, entry.to) {
            (Some(values), None, None) => {
                if let Some(key) = entry.steps.map(|_| "steps").or(entry.scale.map(|_| "scale")) {
                    let help = format!("take {key} out, or write from and to in place of values");
                    return Err((key, format!("`{key}` goes with a range, and `values` are a list"), help));
                }
                let values: Vec<String> = values.iter().map(f64::to_string).collect();
                if let Some(twice) = repeated(&values) {
                    return Err(("values", format!("the value {twice} stands twice"), "keep one of the two".into()));
                }
                VaryOver::Values(values)
            }
            (None, Some(lo), Some(hi)) => {
                let range = ValueRange::new(lo, hi, entry.scale.unwrap_or_default())
                    .map_err(|why| ("from", why, "write from = 0.1 and to = 0.9, say".to_owned()))?;
                match entry.steps {
                    Some(steps) => VaryOver::Values(range.steps(steps as usize)),
                    None => VaryOver::Range(range),
                }
            }
            (Some(_), ..) => {
                let help = "keep one of them: values = [...], or from and to".to_owned();
                return Err(("values", "a list of values and a range exclude each other".into(), help));
            }
            _ => {
                let help = "write values = [0.1, 0.2], or from = 0.1, to = 0.9 and steps = 5".to_owned();
                return Err(("key", format!("`{}` has nothing to vary over", entry.key), help));
            }
        };
        Ok(Vary { key: entry.key.clone(), over })
    }

    /// The keys of a scenario that it stands for: numbers, by their paths.
    ///
    /// # Errors
    /// If there is none; names the nearest.
    pub fn keys(&self, scenario: &Scenario) -> Result<Vec<String>, String> {
        let numbers = Numbers::of(&scenario.file);
        Ok(numbers.find(&self.key)?.into_iter().map(|number| number.key.clone()).collect())
    }

    /// What it takes, as one types it behind `KEY=`.
    pub fn values(&self) -> String {
        match &self.over {
            VaryOver::Values(values) => values.join(","),
            VaryOver::Range(range) => range.to_string(),
        }
    }
}

/// A value that stands twice.
fn repeated(values: &[String]) -> Option<&String> {
    let mut sorted: Vec<&String> = values.iter().collect();
    sorted.sort_unstable();
    sorted.windows(2).find(|w| w[0] == w[1]).map(|w| w[0])
}

/// `lo..hi:n`, or without `:n`, and the same behind `log:` or `logit:`.
fn range(text: &str) -> Result<VaryOver, String> {
    let (_, plain) = split_spacing(text);
    let Some((ends, n)) = plain.rsplit_once(':') else { return ValueRange::parse(text).map(VaryOver::Range) };
    let n: usize = n
        .trim()
        .parse()
        .ok()
        .filter(|n| (2..=MOST_VALUES).contains(n))
        .ok_or_else(|| format!("`{text}`: the number of values is a whole one from 2 to {MOST_VALUES}"))?;
    let spacing = &text[..text.len() - plain.len()];
    Ok(VaryOver::Values(ValueRange::parse(&format!("{spacing}{ends}"))?.steps(n)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, load};

    #[test]
    fn values_are_lists_and_ranges() {
        let of = |text: &str| {
            Vary::parse(text).map(|v| match v.over {
                VaryOver::Values(values) => values.join(" "),
                VaryOver::Range(range) => format!("range {range}"),
            })
        };
        assert_eq!(of("a.b=1, 2,0.5"), Ok("1 2 0.5".into()));
        assert_eq!(of("a=0..1:11"), Ok("0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1".into()));
        assert_eq!(of("a=log:0.01..1:3"), Ok("0.01 0.1 1".into()));
        assert_eq!(of("a=logit:0.1..0.9:3"), Ok("0.1 0.5 0.9".into()));
        assert_eq!(of("a=-2..2:3"), Ok("-2 0 2".into()));
        assert_eq!(of("a=0..1"), Ok("range 0..1".into()));
        assert_eq!(of("a=log: 0.5 .. 2"), Ok("range log:0.5..2".into()));
        for (wrong, says) in [
            ("a", "KEY=VALUES"),
            ("=1", "KEY=VALUES"),
            ("a=", "KEY=VALUES"),
            ("a=1,,2", "missing"),
            ("a=1,2,1", "twice"),
            ("a=0..", "no range"),
            ("a=1..0:3", "falls"),
            ("a=1..0", "falls"),
            ("a=0..1:1", "from 2"),
            ("a=0..1:999999999", "from 2"),
            ("a=log:0..1:3", "above 0"),
            ("a=logit:0..1", "between 0 and 1"),
            ("a=x..1:3", "no range"),
        ] {
            assert!(of(wrong).is_err_and(|e| e.contains(says)), "{wrong}: {:?}", of(wrong));
        }
    }

    #[test]
    fn keys_are_found_and_wrong_ones_get_the_nearest() {
        let (scenario, _) = load("cnil-2017".as_ref(), &Overrides::default()).expect("it ships");
        let of = |key: &str| Vary { key: key.into(), over: VaryOver::Values(Vec::new()) }.keys(&scenario);
        let all = of("jurisdiction.*.objects.targeted_advertising").expect("keys");
        assert!(
            all.len() == scenario.jurisdictions.len()
                && all.contains(&"jurisdiction.FR.objects.targeted_advertising".into())
        );
        assert_eq!(of("traffic.reply_share"), Ok(vec!["traffic.reply_share".into()]));
        assert_eq!(of("scenario.people"), Ok(vec!["scenario.people".into()]));
        // An id that is no bare key of TOML is found with quotes and without, and written with them.
        for typed in ["age_band.50+.activity", "age_band.\"50+\".activity"] {
            assert_eq!(of(typed), Ok(vec!["age_band.\"50+\".activity".into()]));
        }
        for (wrong, says) in [
            ("traffic.reply_shar", "did you mean `traffic.reply_share`?"),
            ("trafic.reply_share", "did you mean `traffic.reply_share`?"),
            ("jurisdiction.*.object.security", "did you mean `jurisdiction.*.objects.security`?"),
            ("jurisdiction.FR.objects", "it is a table; name a number in it, such as jurisdiction.FR.objects."),
            ("scenario.title", "there is no number `scenario.title`"),
        ] {
            assert!(of(wrong).is_err_and(|e| e.contains(says)), "{wrong}: {:?}", of(wrong));
        }
    }
}
