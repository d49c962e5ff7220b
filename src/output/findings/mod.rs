//! Findings: what a run says in sentences, whose numbers are computed.
//!
//! ```text
//! rows of tables ─► claims: each stated only if its interval bears it out ─► ranked findings ─► terminal, page, findings.json
//! ```
//!
//! A finding says how sure it is, what it rests on, and whether it only returns an assumption. Findings that nothing changes count as well.

mod claims;
mod known;
mod numbers;
mod security;

use serde::Serialize;

use crate::exposure::{DifferenceRow, ExceedanceRow, ExposureRow, KnowledgeRow};
use crate::output::following::FollowingRow;
use crate::scenario::Scenario;
use crate::utility::SecurityFound;

/// Most findings that a reader is shown at once; `findings.json` has all.
pub const MOST_SHOWN: usize = 5;

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The figure is the same in every simulated world.
    EveryWorld,
    /// The 95 % interval over worlds bears the claim out.
    Interval,
    /// One simulated world: there is no interval.
    OneWorld,
}

impl Evidence {
    /// In words, English and French.
    pub fn words(self) -> Sentence {
        let (en, fr) = match self {
            Evidence::EveryWorld => ("the same in every simulated world", "identique dans tous les mondes simulés"),
            Evidence::Interval => {
                ("borne out by the 95 % interval over worlds", "établi par l’intervalle à 95 % entre mondes")
            }
            Evidence::OneWorld => ("one simulated world, no interval", "un seul monde simulé, sans intervalle"),
        };
        Sentence { en: en.into(), fr: fr.into() }
    }

    fn weight(self) -> f64 {
        match self {
            Evidence::EveryWorld => 1.0,
            Evidence::Interval => 0.95,
            Evidence::OneWorld => 0.5,
        }
    }
}

/// Something said in two languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
}

/// A figure that a finding states.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FindingFigure {
    /// Table and metric.
    pub metric: String,
    /// Policy id, or empty.
    pub policy: String,
    /// Mean over worlds.
    pub value: f64,
    /// Ends of the 95 % interval; none of a single world.
    pub interval: Option<(f64, f64)>,
    /// Unit.
    pub unit: &'static str,
}

/// What a run says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// What kind of claim it is, and about which policy: `fewer:security-only`.
    pub id: String,
    /// The claim.
    pub sentence: Sentence,
    /// Its figures.
    pub figures: Vec<FindingFigure>,
    /// How sure it is.
    pub evidence: Evidence,
    /// The same in words.
    pub evidence_in_words: Sentence,
    /// Keys of the parameters that it rests on, those that are assumed first.
    pub rests_on: Vec<String>,
    /// Whether it only says what the scenario assumes.
    pub returns_assumption: bool,
    /// Whether the text of the policy tells as much.
    pub told_by_policy: bool,
    /// Whether it says that nothing changes.
    pub negative: bool,
    /// The chart that shows it.
    pub chart: Option<&'static str>,
    /// By which findings are ranked: size of the effect from 0 to 1, less for weak evidence, for what was assumed, and for what the policy tells by itself.
    pub rank: f64,
}

/// What findings are read from.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Rows of `exposure`.
    pub exposure: &'a [ExposureRow],
    /// Rows of `differences`; of them those about all purposes, jurisdictions, populations and categories are read.
    pub differences: &'a [DifferenceRow],
    /// What follows from what each policy lets out.
    pub following: &'a [FollowingRow],
    /// Rows of `knowledge`.
    pub knowledge: &'a [KnowledgeRow],
    /// Rows of `exceedance`.
    pub exceedance: &'a [ExceedanceRow],
    /// What was found about security, if it is asked.
    pub security: Option<&'a SecurityFound>,
}

/// All findings, the strongest first; none of a kind twice before each kind has had its turn.
pub fn findings(rows: &Rows) -> Vec<Finding> {
    let mut all = claims::claims(rows);
    all.extend(known::claims(rows));
    all.extend(security::claims(rows));
    all.sort_by(|a, b| b.rank.total_cmp(&a.rank).then_with(|| a.id.cmp(&b.id)));
    let kind = |finding: &Finding| finding.id.split(':').next().unwrap_or_default().to_owned();
    let mut seen: Vec<String> = Vec::new();
    let (first, again): (Vec<Finding>, Vec<Finding>) = all.into_iter().partition(|finding| {
        let new = !seen.contains(&kind(finding));
        if new {
            seen.push(kind(finding));
        }
        new
    });
    first.into_iter().chain(again).collect()
}

/// A claim as it is made: what is the same for all is worked out here.
struct Claim {
    id: String,
    sentence: Sentence,
    figures: Vec<FindingFigure>,
    effect: f64,
    rests_on: &'static [&'static str],
    returns_assumption: bool,
    told_by_policy: bool,
    negative: bool,
    chart: Option<&'static str>,
}

impl Claim {
    /// The finding.
    fn finding(self) -> Finding {
        let of = |figure: &FindingFigure| match figure.interval {
            None => Evidence::OneWorld,
            Some((lo, hi)) if lo == hi => Evidence::EveryWorld,
            Some(_) => Evidence::Interval,
        };
        let weakest = |a: Evidence, b: Evidence| if a.weight() <= b.weight() { a } else { b };
        let evidence = self.figures.iter().map(of).reduce(weakest).unwrap_or(Evidence::OneWorld);
        let discount = |less: bool| if less { 0.4 } else { 1.0 };
        Finding {
            rank: self.effect.clamp(0.0, 1.0)
                * evidence.weight()
                * discount(self.returns_assumption)
                * discount(self.told_by_policy),
            evidence,
            evidence_in_words: evidence.words(),
            id: self.id,
            sentence: self.sentence,
            figures: self.figures,
            rests_on: self.rests_on.iter().map(|&key| key.to_owned()).collect(),
            returns_assumption: self.returns_assumption,
            told_by_policy: self.told_by_policy,
            negative: self.negative,
            chart: self.chart,
        }
    }
}

#[cfg(test)]
mod tests;
