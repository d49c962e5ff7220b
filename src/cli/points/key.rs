//! A key that a study varies, as it is looked up in the scenario.

use crate::cli::Failure;
use crate::scenario::{Numbers, Vary, VaryOver, lines};
use crate::simulate::Coordinate;

/// What stands for the policies of the run among keys.
pub const POLICY: &str = "policy";

/// A key that varies: the numbers that it stands for, and what they take.
#[derive(Clone, Debug)]
pub struct VariedKey {
    /// As it was typed, and over what.
    pub vary: Vary,
    /// The numbers, as `--set` takes them; none for policies.
    pub numbers: Vec<String>,
    /// Whether they are whole ones.
    pub whole: bool,
}

impl VariedKey {
    /// The value at a place along it, as TOML writes it.
    pub fn value(&self, at: Coordinate) -> String {
        match (&self.vary.over, at) {
            (VaryOver::Values(values), Coordinate::Value(i)) => values[i].clone(),
            (VaryOver::Range(range), Coordinate::Share(share)) => range.written(share, self.whole),
            // A design has values where keys have them, and shares where they have ranges.
            (VaryOver::Values(values), Coordinate::Share(_)) => values.first().cloned().unwrap_or_default(),
            (VaryOver::Range(range), Coordinate::Value(_)) => range.written(0.0, self.whole),
        }
    }

    /// How many values it has; none of a range.
    pub fn values(&self) -> Option<usize> {
        match &self.vary.over {
            VaryOver::Values(values) => Some(values.len()),
            VaryOver::Range(_) => None,
        }
    }

    /// Whether it stands for the policies of the run.
    pub fn is_policy(&self) -> bool {
        self.vary.key == POLICY
    }

    /// Whether all its numbers are rates of objection or agreement.
    pub fn is_choice(&self) -> bool {
        let choice = |key: &String| {
            let parts: Vec<&str> = key.split('.').collect();
            matches!(parts[..], ["jurisdiction", _, "objects" | "agrees", _])
        };
        !self.numbers.is_empty() && self.numbers.iter().all(choice)
    }
}

/// Looks up keys in a scenario. `option` is where they were typed.
///
/// # Errors
/// A key that is none, with the nearest; one that is varied twice; values that are no numbers.
pub fn look_up(vary: &[Vary], numbers: &Numbers, option: &str) -> Result<Vec<VariedKey>, Failure> {
    let wrong = |v: &Vary, why: String| Failure::Input(lines(&format!("error: {option}{}: {why}", v.key)));
    let mut keys: Vec<VariedKey> = Vec::new();
    for v in vary {
        if keys.iter().any(|other| other.vary.key == v.key) {
            return Err(wrong(v, "it stands twice\n  help: give it all its values at once".into()));
        }
        if v.key == POLICY {
            keys.push(VariedKey { vary: v.clone(), numbers: Vec::new(), whole: false });
            continue;
        }
        let found = numbers.find(&v.key).map_err(|why| wrong(v, why))?;
        if let VaryOver::Values(values) = &v.over
            && let Some(value) = values.iter().find(|value| value.parse::<f64>().is_err())
        {
            return Err(wrong(v, format!("`{value}` is not a number")));
        }
        let taken = |key: &String| keys.iter().any(|other| other.numbers.contains(key));
        if let Some(twice) = found.iter().map(|number| &number.key).find(|key| taken(key)) {
            return Err(wrong(v, format!("`{twice}` is varied by another {} already", option.trim())));
        }
        let whole = found.iter().any(|number| number.whole);
        keys.push(VariedKey { vary: v.clone(), numbers: found.iter().map(|n| n.key.clone()).collect(), whole });
    }
    Ok(keys)
}
