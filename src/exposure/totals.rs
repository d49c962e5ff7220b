//! What all metrics counted.

use super::exceedance::ExceedanceTotals;
use super::first::FirstTotals;
use super::reach::ReachTotals;
use super::volume::VolumeTotals;

/// What the metrics counted: integers that merge by addition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Values, events, bytes.
    pub volume: VolumeTotals,
    /// People.
    pub reach: ReachTotals,
    /// People by the day on which they were first exposed.
    pub first: FirstTotals,
    /// What orders prohibit.
    pub exceedance: ExceedanceTotals,
}

impl Totals {
    /// Adds what another worker counted.
    pub fn merge(&mut self, other: &Totals) {
        self.volume.merge(&other.volume);
        self.reach.merge(&other.reach);
        self.first.merge(&other.first);
        self.exceedance.merge(&other.exceedance);
    }

    /// All counters as lists of numbers by name, to be written down.
    pub fn parts(&self) -> Vec<(&'static str, Vec<u64>)> {
        let Totals { volume, reach, first, exceedance } = self;
        let wide = volume.all.iter().flatten().flat_map(|n| [*n as u64, (n >> 64) as u64]);
        vec![
            ("values", volume.values.counts().to_vec()),
            ("values_by_way", volume.by_way.counts().to_vec()),
            ("events", volume.events.counts().to_vec()),
            ("daily_values", volume.daily_values.counts().to_vec()),
            ("daily_bytes", volume.daily_bytes.counts().to_vec()),
            ("daily_events", volume.daily_events.counts().to_vec()),
            ("by_kind", volume.by_kind.to_vec()),
            ("delivered", vec![volume.delivered]),
            ("all", wide.collect()),
            ("people", reach.people.counts().to_vec()),
            ("people_by_category", reach.by_category.counts().to_vec()),
            ("depth", reach.depth.counts().to_vec()),
            ("daily_people", reach.daily.counts().to_vec()),
            ("through_others", reach.through_others.counts().to_vec()),
            ("score", reach.score.counts().to_vec()),
            ("first_people", first.people.counts().to_vec()),
            ("first_by_category", first.by_category.counts().to_vec()),
            ("first_since_rules", first.since_rules.counts().to_vec()),
            ("population", reach.population.counts().to_vec()),
            ("left", reach.left.counts().to_vec()),
            ("exposed_after_leaving", reach.exposed_after_leaving.counts().to_vec()),
            ("exceedance_values", exceedance.values.counts().to_vec()),
            ("exceedance_bytes", exceedance.bytes.counts().to_vec()),
            ("exceedance_people", exceedance.people.counts().to_vec()),
            ("exceedance_phases", exceedance.phases.counts().to_vec()),
        ]
    }

    /// Takes counters that [`Totals::parts`] gave, in its order. `None` if they are not those of such a run: another part, or of another length.
    pub fn with_parts(mut self, parts: &[(String, Vec<u64>)]) -> Option<Totals> {
        let own = self.parts();
        let alike = own.len() == parts.len()
            && own.iter().zip(parts).all(|((name, counts), (other, more))| name == other && counts.len() == more.len());
        if !alike {
            return None;
        }
        let Totals { volume, reach, first, exceedance } = &mut self;
        let mut parts = parts.iter().map(|(_, counts)| counts.as_slice());
        let mut take = |to: &mut [u64]| {
            if let Some(counts) = parts.next() {
                to.copy_from_slice(counts);
            }
        };
        take(volume.values.counts_mut());
        take(volume.by_way.counts_mut());
        take(volume.events.counts_mut());
        take(volume.daily_values.counts_mut());
        take(volume.daily_bytes.counts_mut());
        take(volume.daily_events.counts_mut());
        take(&mut volume.by_kind);
        take(std::slice::from_mut(&mut volume.delivered));
        let mut wide = vec![0; 2 * volume.all.as_flattened().len()];
        take(&mut wide);
        for (n, halves) in volume.all.as_flattened_mut().iter_mut().zip(wide.as_chunks::<2>().0) {
            *n = u128::from(halves[0]) | u128::from(halves[1]) << 64;
        }
        let people = [&mut reach.people, &mut reach.by_category, &mut reach.depth, &mut reach.daily];
        let through_others = [&mut reach.through_others, &mut reach.score];
        let first = [&mut first.people, &mut first.by_category, &mut first.since_rules];
        for cube in people.into_iter().chain(through_others).chain(first) {
            take(cube.counts_mut());
        }
        take(reach.population.counts_mut());
        take(reach.left.counts_mut());
        take(reach.exposed_after_leaving.counts_mut());
        for cube in [&mut exceedance.values, &mut exceedance.bytes, &mut exceedance.people] {
            take(cube.counts_mut());
        }
        take(exceedance.phases.counts_mut());
        Some(self)
    }

    /// Number of counters, 8 bytes each.
    pub fn counters(&self) -> usize {
        self.volume.counters() + self.reach.counters() + self.first.counters() + self.exceedance.counters()
    }

    /// Events in all.
    pub fn events(&self) -> u64 {
        self.volume.by_kind.iter().sum()
    }
}
