//! What a policy and an order say of a whole sample, and what follows for those who were not drawn.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use super::sample_folder::{SampledPeople, SampledRows};
use crate::audit::{Breach, Judge, Verdict};
use crate::scenario::Scenario;
use crate::statistics::{lower_share, most_marked, upper_share};

/// Breaches that are shown of each sort.
const EXAMPLES: usize = 3;

/// What a sample says.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// People drawn.
    pub people: u64,
    /// Of these, people about whom something is in breach.
    pub people_in_breach: u64,
    /// Disclosures about them.
    pub rows: u64,
    /// Of these, in breach, whatever is not known.
    pub rows_in_breach: u64,
    /// Of these, such that it depends on what is not known about people.
    pub rows_unclear: u64,
    /// By sort of breach.
    pub breaches: Vec<BreachCount>,
    /// Probability with which each of the following bounds holds.
    pub confidence: f64,
    /// Share of people in breach among all that were drawn from: at least.
    pub people_share_at_least: f64,
    /// At most: of infinitely many (Clopper and Pearson), or of [`Judged::population`].
    pub people_share_at_most: f64,
    /// How many people the sample was drawn from, if that is known.
    pub population: Option<u64>,
    /// Of these, in breach at most.
    pub population_in_breach_at_most: Option<u64>,
    /// So many disclosures drawn one by one would say as much about their share in breach as these, which come person by person.
    pub effective_rows: f64,
    /// Share of disclosures in breach: at most.
    pub rows_share_at_most: f64,
}

/// Breaches of one sort.
#[derive(Clone, Debug, Serialize)]
pub struct BreachCount {
    /// [`Breach::word`].
    pub breach: &'static str,
    /// [`Breach::words`].
    pub title: &'static str,
    /// Disclosures.
    pub rows: u64,
    /// People whom they are about.
    pub people: u64,
    /// The first.
    pub examples: Vec<Example>,
}

/// A disclosure in breach.
#[derive(Clone, Debug, Serialize)]
pub struct Example {
    /// File.
    pub file: String,
    /// Row, from 1; headings of a CSV are not counted.
    pub row: usize,
    /// Whom it is about.
    pub subject: u64,
    /// Date (UTC).
    pub date: String,
    /// Kind of event.
    pub kind: &'static str,
    /// Part of the subject.
    pub role: &'static str,
    /// Purpose.
    pub purpose: String,
    /// Category.
    pub category: String,
    /// How exactly.
    pub resolution: String,
}

/// Judges every row. `population` is how many people the sample was drawn from, at least as many as were drawn.
pub fn judged(
    scenario: &Scenario,
    judge: &mut Judge,
    people: &SampledPeople,
    sample: &SampledRows,
    (confidence, population): (f64, Option<u64>),
) -> Judged {
    let mut sorts: BTreeMap<Breach, (u64, HashSet<u64>, Vec<Example>)> = BTreeMap::new();
    // By person: disclosures, and those in breach.
    let mut by_person: HashMap<u64, (u64, u64)> = people.ids.iter().map(|&id| (id, (0, 0))).collect();
    let mut unclear = 0;
    for (number, (subject, flow)) in sample.rows.iter().enumerate() {
        let of_person = by_person.entry(*subject).or_default();
        of_person.0 += 1;
        match judge.verdict(flow) {
            Verdict::Fine => {}
            Verdict::Unclear => unclear += 1,
            Verdict::Breach(breach) => {
                of_person.1 += 1;
                let sort = sorts.entry(breach).or_default();
                sort.0 += 1;
                sort.1.insert(*subject);
                if sort.2.len() < EXAMPLES {
                    sort.2.push(Example {
                        file: sample.file.clone(),
                        row: number + 1,
                        subject: *subject,
                        date: flow.date.to_string(),
                        kind: flow.kind.id(),
                        role: flow.role.word(),
                        purpose: scenario.purposes[flow.purpose].id.to_string(),
                        category: scenario.categories[flow.category].id.to_string(),
                        resolution: flow.resolution.id(),
                    });
                }
            }
        }
    }
    // In the order of the file: sums of floats must not depend on a hash.
    let clusters: Vec<(u64, u64)> = people.ids.iter().filter_map(|id| by_person.get(id)).copied().collect();
    let (n, x) = (clusters.len() as u64, clusters.iter().filter(|c| c.1 > 0).count() as u64);
    let (rows, wrong) = clusters.iter().fold((0, 0), |sum, c| (sum.0 + c.0, sum.1 + c.1));
    let effective = effective_rows(&clusters);
    let share = if rows == 0 { 0.0 } else { wrong as f64 / rows as f64 };
    let most = population.map(|of| most_marked(x, n, of, confidence));
    Judged {
        people: n,
        people_in_breach: x,
        rows,
        rows_in_breach: wrong,
        rows_unclear: unclear,
        breaches: sorts
            .into_iter()
            .map(|(breach, (rows, people, examples))| BreachCount {
                breach: breach.word(),
                title: breach.words(),
                rows,
                people: people.len() as u64,
                examples,
            })
            .collect(),
        confidence,
        people_share_at_least: lower_share(x as f64, n as f64, confidence),
        people_share_at_most: match (most, population) {
            (Some(most), Some(of)) if of > 0 => most as f64 / of as f64,
            _ => upper_share(x as f64, n as f64, confidence),
        },
        population,
        population_in_breach_at_most: most,
        effective_rows: effective,
        rows_share_at_most: upper_share(share * effective, effective, confidence),
    }
}

/// What rows in clusters (rows, marked rows) are worth: their number over the design effect, which is the variance of the ratio of sums over clusters (linearised) over that of as
/// many rows drawn one by one (Kish 1965; for exact bounds Korn and Graubard 1998). No more than there are rows, and no fewer than there are clusters with rows but for a ratio that
/// varies more. Where none or all are marked the variance is unknown: then every cluster counts as one.
fn effective_rows(clusters: &[(u64, u64)]) -> f64 {
    let with_rows: Vec<(f64, f64)> = clusters.iter().filter(|c| c.0 > 0).map(|&(m, y)| (m as f64, y as f64)).collect();
    let n = with_rows.len() as f64;
    let (rows, marked) = with_rows.iter().fold((0.0, 0.0), |sum, c| (sum.0 + c.0, sum.1 + c.1));
    if n < 2.0 || marked == 0.0 || marked == rows {
        return n;
    }
    let ratio = marked / rows;
    let squares: f64 = with_rows.iter().map(|(m, y)| (y - ratio * m) * (y - ratio * m)).sum();
    let variance = n / (n - 1.0) * squares / (rows * rows);
    if variance == 0.0 {
        return rows;
    }
    (ratio * (1.0 - ratio) / variance).min(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_worth_less_the_more_they_are_alike() {
        // Ten people of ten rows, of two all are marked: as good as ten rows, but for n - 1.
        let alike: Vec<(u64, u64)> = (0..10).map(|i| (10, if i < 2 { 10 } else { 0 })).collect();
        assert!((effective_rows(&alike) - 9.0).abs() < 1e-9, "{}", effective_rows(&alike));
        // Of each two: better than a hundred rows drawn one by one, and counted as a hundred.
        assert_eq!(effective_rows(&[(10, 2); 10]), 100.0);
        assert_eq!(effective_rows(&[(10, 0); 7]), 7.0);
        assert_eq!(effective_rows(&[]), 0.0);
    }
}
