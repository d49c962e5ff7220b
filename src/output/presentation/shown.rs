//! Which rows of tables charts and page show: they alone are kept of a run, and read back from its folder.
//!
//! The same rows whichever way they come, so that what is drawn again is what was drawn. How many there are at most does not depend on how many policies, days,
//! orders and jurisdictions a scenario has: where they would be too many, those that are split further are left out, all of a kind.

use crate::exposure::{
    ALL, DailyRow, DifferenceRow, ExceedanceDay, ExceedanceRow, ExposureRow, FirstExposureRow, KnowledgeRow,
    PopulationGroup,
};
use crate::output::chart::MOST_POLICIES;
use crate::scenario::Scenario;

/// Most rows of a table that are kept besides those that are not split: 45 MB.
const MOST_ROWS: u64 = 250_000;

/// All populations together, and each.
const POPULATIONS: u64 = PopulationGroup::ALL.len() as u64 + 1;

/// Figures by jurisdiction that are shown.
const BY_JURISDICTION: [&str; 7] = [
    "people",
    "people_exposed",
    "distinct_facts",
    "facts_through_others",
    "facts_through_others_alone",
    "disclosed_values",
    "coverage_of_group",
];

/// Differences to the baseline that are shown.
const DIFFERENCES: [&str; 4] = ["disclosed_values", "people_exposed", "distinct_facts", "disclosed_events"];

/// Which rows of a scenario's tables are shown.
#[derive(Debug)]
pub struct Shown<'a> {
    policies: Vec<&'a str>,
    /// Days by jurisdiction: for each purpose, for all of them together only, or not.
    daily: Split,
    /// Days until people are reached: likewise.
    first_exposure: Split,
    /// Whether figures against orders are shown by population.
    exceedance: bool,
    /// Whether those of each day are.
    exceedance_daily: bool,
}

/// For which purposes rows are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Split {
    /// For each, and all of them together.
    Each,
    /// All of them together.
    Whole,
    /// None.
    Nothing,
}

impl Split {
    /// The finest of which there are not too many rows; `rows` are those for a purpose.
    fn of(rows: u64, purposes: u64) -> Self {
        match rows {
            rows if rows.saturating_mul(purposes + 1) <= MOST_ROWS => Split::Each,
            rows if rows <= MOST_ROWS => Split::Whole,
            _ => Split::Nothing,
        }
    }

    fn keeps(self, purpose: &str) -> bool {
        match self {
            Split::Each => true,
            Split::Whole => purpose == ALL,
            Split::Nothing => false,
        }
    }
}

impl<'a> Shown<'a> {
    /// Those of a scenario.
    pub fn new(scenario: &'a Scenario) -> Self {
        let policies: Vec<&str> = scenario.policies.iter().take(MOST_POLICIES).map(|p| &*p.id).collect();
        let (drawn, days) = (policies.len() as u64, u64::from(scenario.days));
        let (purposes, orders) = (scenario.purposes.len() as u64, scenario.orders.len() as u64);
        Shown {
            // Two metrics.
            daily: Split::of(days * drawn * 2 * scenario.jurisdictions.len() as u64, purposes),
            // Two metrics, from two days on.
            first_exposure: Split::of(days * drawn * 4 * POPULATIONS, purposes),
            // Six metrics, three phases and all of them.
            exceedance: orders * drawn * 24 * POPULATIONS <= MOST_ROWS,
            // Three metrics.
            exceedance_daily: orders * days * drawn * 3 * POPULATIONS <= MOST_ROWS,
            policies,
        }
    }

    fn policy(&self, id: &str) -> bool {
        self.policies.contains(&id)
    }

    /// Of `exposure`: rows that are not split by jurisdiction, and by jurisdiction some figures of whatever purpose.
    pub fn exposure(&self, row: &ExposureRow) -> bool {
        let by_jurisdiction =
            || &*row.purpose == ALL && &*row.category == ALL && BY_JURISDICTION.contains(&&*row.metric);
        self.policy(&row.policy) && (&*row.jurisdiction == ALL || by_jurisdiction())
    }

    /// Of `daily`: rows that are not split by jurisdiction or population, and by jurisdiction values and people.
    pub fn daily(&self, row: &DailyRow) -> bool {
        let by_jurisdiction =
            || self.daily.keeps(&row.purpose) && matches!(&*row.metric, "disclosed_values" | "people_exposed");
        self.policy(&row.policy) && &*row.population == ALL && (&*row.jurisdiction == ALL || by_jurisdiction())
    }

    /// Of `first_exposure`: rows that are not split by jurisdiction or category.
    pub fn first_exposure(&self, row: &FirstExposureRow) -> bool {
        self.policy(&row.policy)
            && &*row.jurisdiction == ALL
            && &*row.category == ALL
            && self.first_exposure.keeps(&row.purpose)
    }

    /// Of `exceedance`: rows that are not split by purpose.
    pub fn exceedance(&self, row: &ExceedanceRow) -> bool {
        self.policy(&row.policy) && &*row.purpose == ALL && (&*row.population == ALL || self.exceedance)
    }

    /// Of `exceedance_daily`: rows that are not split by purpose.
    pub fn exceedance_daily(&self, row: &ExceedanceDay) -> bool {
        self.policy(&row.policy) && &*row.purpose == ALL && (&*row.population == ALL || self.exceedance_daily)
    }

    /// Of `knowledge`: rows about all purposes together.
    pub fn knowledge(&self, row: &KnowledgeRow) -> bool {
        self.policy(&row.policy) && &*row.purpose == ALL
    }

    /// Of `differences`: some figures, whole or by population or purpose; and of all policies those that findings are read from.
    pub fn differences(&self, row: &DifferenceRow) -> bool {
        let of = &row.of;
        let splits = [&of.purpose, &of.population].iter().filter(|by| &****by != ALL).count();
        let plain = &*of.jurisdiction == ALL && &*of.category == ALL && splits <= 1;
        let shown = || self.policy(&of.policy) && DIFFERENCES.contains(&&*of.metric);
        plain && (shown() || row.is_found_from())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_too_much_is_left_out() {
        assert_eq!(Split::of(MOST_ROWS / 4, 3), Split::Each);
        assert_eq!(Split::of(MOST_ROWS / 4 + 1, 3), Split::Whole);
        assert_eq!(Split::of(MOST_ROWS + 1, 3), Split::Nothing);
        assert_eq!(Split::of(u64::MAX, u64::MAX - 1), Split::Nothing);
        assert!(Split::Whole.keeps(ALL) && !Split::Whole.keeps("security") && !Split::Nothing.keeps(ALL));
    }
}
