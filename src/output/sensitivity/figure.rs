//! Figures whose sensitivity is asked for, by name.

use std::fmt;
use std::sync::Arc;

use crate::exposure::{ALL, ExposureRow};
use crate::output::number::list;
use crate::scenario::{Diagnostic, unknown};

/// A figure of `exposure`, whatever the policy: `METRIC[:POPULATION[:PURPOSE]]`, of all people and purposes if they are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureName {
    /// Name of the metric.
    pub metric: Arc<str>,
    /// Population, or `all`.
    pub population: Arc<str>,
    /// Purpose, or `all`.
    pub purpose: Arc<str>,
}

/// A figure under a policy: what every draw gives.
#[derive(Clone, Debug)]
pub struct Studied {
    /// The row of `exposure` that it is, whatever its value.
    pub row: ExposureRow,
    /// Which of the figures asked for.
    pub figure: usize,
    /// Index of the policy.
    pub policy: usize,
}

impl FigureName {
    /// The name as it is typed, looked up among these rows.
    ///
    /// # Errors
    /// What is unknown, with the nearest, or all that there are.
    pub fn parse(text: &str, rows: &[ExposureRow]) -> Result<Self, Diagnostic> {
        let parts: Vec<&str> = text.split(':').map(str::trim).collect();
        if parts.len() > 3 {
            let help = "expected METRIC[:POPULATION[:PURPOSE]], such as coverage_of_group:non_user:security";
            return Err(Diagnostic::error(format!("the figure `{text}` has too many parts")).help(help));
        }
        let part = |i: usize| parts.get(i).copied().filter(|part| !part.is_empty());
        let among = |what: &str, word: &str, of: fn(&ExposureRow) -> &Arc<str>| {
            let mut known: Vec<&str> = Vec::new();
            rows.iter().for_each(|row| {
                if !known.contains(&&**of(row)) {
                    known.push(of(row));
                }
            });
            match known.contains(&word) {
                true => Ok(Arc::from(word)),
                false => Err(unknown(what, word, &known).hint(format!("there are {}", list(&known)))),
            }
        };
        Ok(FigureName {
            metric: among("metric", part(0).unwrap_or_default(), |row| &row.metric)?,
            population: among("population", part(1).unwrap_or(ALL), |row| &row.population)?,
            purpose: among("purpose", part(2).unwrap_or(ALL), |row| &row.purpose)?,
        })
    }

    /// Whether a row is of this figure.
    pub fn is(&self, row: &ExposureRow) -> bool {
        (&row.metric, &row.population, &row.purpose) == (&self.metric, &self.population, &self.purpose)
    }
}

impl fmt::Display for FigureName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&*self.population, &*self.purpose) {
            (ALL, ALL) => write!(f, "{}", self.metric),
            (population, ALL) => write!(f, "{}:{population}", self.metric),
            (population, purpose) => write!(f, "{}:{population}:{purpose}", self.metric),
        }
    }
}

impl Studied {
    /// The column of the figure in the table of draws.
    pub fn column(&self) -> String {
        let ExposureRow { policy, metric, population, purpose, .. } = &self.row;
        format!("{policy}:{metric}:{population}:{purpose}")
    }

    /// Whether it is a share, of people or of a group.
    pub fn is_share(&self) -> bool {
        self.row.unit == "share"
    }
}
