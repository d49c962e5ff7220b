//! What a sweep varies: keys of a scenario, and the values that they take.

use toml::Value;

use super::Scenario;
use super::diagnostic::{list, nearest};

/// Most values of a key.
const MOST_VALUES: usize = 100_000;

/// A key, or several that match a pattern, with the values that they take together.
#[derive(Clone, Debug, PartialEq)]
pub struct Vary {
    /// As it was typed: a path, in which `*` stands for any entry.
    pub key: String,
    /// Values, as TOML writes them.
    pub values: Vec<String>,
}

impl Vary {
    /// From `KEY=v1,v2,...`, `KEY=lo..hi:n` or `KEY=log:lo..hi:n` (n values from lo to hi, evenly spaced, or so their logarithms).
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
        let values = match values.split_once("..") {
            Some(_) => range(values)?,
            None => values.split(',').map(|value| value.trim().to_owned()).collect(),
        };
        if let Some(twice) = (1..values.len()).find(|&i| values[..i].contains(&values[i])) {
            return Err(format!("the value {} stands twice", values[twice]));
        }
        if values.iter().any(String::is_empty) {
            return Err("a value is missing between two commas".to_owned());
        }
        Ok(Vary { key: key.to_owned(), values })
    }

    /// The keys of a scenario that it stands for: numbers, by their paths.
    ///
    /// # Errors
    /// If there is none; names the nearest.
    pub fn keys(&self, scenario: &Scenario) -> Result<Vec<String>, String> {
        let resolved = scenario.resolved.parse::<toml::Table>().map(Value::Table).map_err(|e| e.to_string())?;
        let mut all = Vec::new();
        numbers("", &resolved, &mut all);
        let wanted: Vec<&str> = self.key.split('.').collect();
        let matches = |key: &String| {
            let parts: Vec<&str> = key.split('.').collect();
            parts.len() == wanted.len() && wanted.iter().zip(&parts).all(|(w, p)| *w == "*" || w == p)
        };
        let found: Vec<String> = all.iter().filter(|key| matches(key)).cloned().collect();
        if !found.is_empty() {
            return Ok(found);
        }
        // What is wrong is told where a word first leads nowhere.
        let depth = (1..=wanted.len()).find(|&n| {
            !all.iter().any(|key| {
                let parts: Vec<&str> = key.split('.').collect();
                parts.len() >= n && wanted[..n].iter().zip(&parts).all(|(w, p)| *w == "*" || w == p)
            })
        });
        let n = depth.unwrap_or(wanted.len());
        let mut known: Vec<&str> = all
            .iter()
            .filter_map(|key| {
                let parts: Vec<&str> = key.split('.').collect();
                let before = parts.len() >= n && wanted[..n - 1].iter().zip(&parts).all(|(w, p)| *w == "*" || w == p);
                before.then(|| parts[n - 1])
            })
            .collect();
        known.sort_unstable();
        known.dedup();
        let what = format!("there is no number `{}` in this scenario", self.key);
        let word = wanted[n - 1];
        let help = match (depth, nearest(word, known.iter().copied())) {
            (None, _) => {
                let below = all.iter().find(|key| key.starts_with(&format!("{}.", self.key)));
                below.map_or_else(String::new, |key| {
                    format!("\n  help: it is a table; name a number in it, such as {key}")
                })
            }
            (Some(_), Some(near)) => {
                let mut path = wanted.clone();
                path[n - 1] = near;
                format!("\n  help: did you mean `{}`?", path.join("."))
            }
            (Some(_), None) => {
                let known: Vec<String> = known.iter().take(30).map(|k| (*k).to_owned()).collect();
                format!("\n  help: known there are {}", list(&known, "and"))
            }
        };
        Err(what + &help)
    }
}

/// `lo..hi:n`, and the same behind `log:`.
fn range(text: &str) -> Result<Vec<String>, String> {
    let wrong =
        || format!("`{text}` is no range: expected lo..hi:n, such as 0..1:11, or log:lo..hi:n, such as log:0.01..1:5");
    let (log, plain) = text.strip_prefix("log:").map_or((false, text), |rest| (true, rest));
    let (lo, rest) = plain.split_once("..").ok_or_else(wrong)?;
    let (hi, n) = rest.split_once(':').ok_or_else(wrong)?;
    let number = |word: &str| word.trim().parse::<f64>().ok().filter(|x| x.is_finite()).ok_or_else(wrong);
    let (lo, hi) = (number(lo)?, number(hi)?);
    let n: usize = n
        .trim()
        .parse()
        .ok()
        .filter(|n| (2..=MOST_VALUES).contains(n))
        .ok_or_else(|| format!("`{text}`: the number of values is a whole one from 2 to {MOST_VALUES}"))?;
    if lo >= hi {
        return Err(format!("`{text}` falls: write the smaller end first"));
    }
    if log && lo <= 0.0 {
        return Err(format!("`{text}`: logarithms need ends above 0"));
    }
    let at = |i: usize| {
        if i == 0 {
            return lo;
        }
        if i == n - 1 {
            return hi;
        }
        let share = i as f64 / (n - 1) as f64;
        if log { libm::exp(libm::log(lo) + (libm::log(hi) - libm::log(lo)) * share) } else { lo + (hi - lo) * share }
    };
    // As many digits as tell values apart, so that 0..1:11 is 0.1, 0.2, 0.3 and not 0.30000000000000004.
    Ok((0..n).map(|i| tidy(at(i))).collect())
}

/// A number in at most twelve digits.
fn tidy(x: f64) -> String {
    let text = format!("{x:.11e}");
    let rounded: f64 = text.parse().unwrap_or(x);
    format!("{rounded}")
}

/// Paths of all numbers of a resolved scenario. The value of a quantity goes by the name of the quantity.
fn numbers(path: &str, value: &Value, to: &mut Vec<String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Table(table) if table.get("value").is_some_and(is_number) => to.push(path.to_owned()),
        Value::Table(table) => table.iter().for_each(|(key, value)| numbers(&below(key), value, to)),
        Value::Array(entries) => {
            for entry in entries.iter().filter(|entry| entry.is_table()) {
                let name = ["id", "code"].iter().find_map(|key| entry.get(key)?.as_str());
                name.into_iter().for_each(|name| numbers(&below(name), entry, to));
            }
        }
        number if is_number(number) => to.push(path.to_owned()),
        _ => {}
    }
}

fn is_number(value: &Value) -> bool {
    value.is_integer() || value.is_float()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, load};

    #[test]
    fn values_are_lists_and_ranges() {
        let of = |text: &str| Vary::parse(text).map(|v| v.values.join(" "));
        assert_eq!(of("a.b=1, 2,0.5"), Ok("1 2 0.5".into()));
        assert_eq!(of("a=0..1:11"), Ok("0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1".into()));
        assert_eq!(of("a=log:0.01..1:3"), Ok("0.01 0.1 1".into()));
        assert_eq!(of("a=-2..2:3"), Ok("-2 0 2".into()));
        for (wrong, says) in [
            ("a", "KEY=VALUES"),
            ("=1", "KEY=VALUES"),
            ("a=", "KEY=VALUES"),
            ("a=1,,2", "missing"),
            ("a=1,2,1", "twice"),
            ("a=0..1", "no range"),
            ("a=1..0:3", "falls"),
            ("a=0..1:1", "from 2"),
            ("a=0..1:999999999", "from 2"),
            ("a=log:0..1:3", "above 0"),
            ("a=x..1:3", "no range"),
        ] {
            assert!(of(wrong).is_err_and(|e| e.contains(says)), "{wrong}: {:?}", of(wrong));
        }
    }

    #[test]
    fn keys_are_found_and_wrong_ones_get_the_nearest() {
        let (scenario, _) = load("cnil-2017".as_ref(), &Overrides::default()).expect("it ships");
        let of = |key: &str| Vary { key: key.into(), values: Vec::new() }.keys(&scenario);
        let all = of("jurisdiction.*.objects.targeted_advertising").expect("keys");
        assert!(
            all.len() == scenario.jurisdictions.len()
                && all.contains(&"jurisdiction.FR.objects.targeted_advertising".into())
        );
        assert_eq!(of("traffic.reply_share"), Ok(vec!["traffic.reply_share".into()]));
        assert_eq!(of("scenario.people"), Ok(vec!["scenario.people".into()]));
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
