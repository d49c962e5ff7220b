//! Many rates of objection and agreement in one world, simulated once.
//!
//! A choice does not change what happens, and attitudes nest: whoever objects at a rate objects at every higher one. So it is counted what happens about each person, people are
//! added up by band of attitude, and what a policy lets out at some rates is, band by band, what it lets out under the choices that the band makes at them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

use super::replay::Replay;
use super::simulation::Simulation;
use super::threads::{Threads, on_threads};
use crate::exposure::{ALL, ByPerson, ChosenClass, ExposureRow, PersonFlows, Replicates, at_choices, needs_days};
use crate::policy::fixed_choice;
use crate::population::{Attitudes, PersonClass, Population};
use crate::scenario::{Policy, Scenario};

/// Most classes by which people are told apart in a run: class numbers are 16 bits.
const MOST_CLASSES: usize = 1 << 15;
/// Most bands of attitude of a jurisdiction in a run: each takes a comparison for each person.
const MOST_BANDS: usize = 1024;

/// Rates of a point: attitudes from which on people of each jurisdiction no longer object, and from which on they agree, by purpose.
pub type Rates = Vec<Attitudes>;

/// The rates of a scenario.
pub fn rates(scenario: &Scenario) -> Rates {
    scenario.jurisdictions.iter().map(Attitudes::new).collect()
}

/// How many of the first of these points share a run: at least one.
pub fn share(points: &[Rates]) -> usize {
    let mut cuts: Vec<Vec<u64>> = vec![Vec::new(); points.first().map_or(0, Vec::len)];
    for (n, point) in points.iter().enumerate() {
        for (cuts, of) in cuts.iter_mut().zip(point) {
            cuts.extend(of.cuts());
            cuts.sort_unstable();
            cuts.dedup();
        }
        // Of each band of users parent accounts and minors are told apart, and those of people who are none.
        let classes: usize = cuts.iter().map(|cuts| 4 * (cuts.len() + 2)).sum();
        if classes > MOST_CLASSES || cuts.iter().any(|cuts| cuts.len() > MOST_BANDS) {
            return n.max(1);
        }
    }
    points.len()
}

/// Rows of `exposure` at each of these points of a scenario, whose policies ask for nobody's choice but the subject's, in its replicates, on so many threads. Those of events, by
/// category and by day are not among them: they are not counted person by person.
pub fn rows_by_choice(scenario: &Scenario, points: &[Rates], threads: usize) -> Vec<Vec<ExposureRow>> {
    let mut choices: Vec<(u32, u32)> = vec![(0, 0)];
    let mut by_band = scenario.clone();
    for (j, jurisdiction) in by_band.jurisdictions.iter_mut().enumerate() {
        let mut cuts: Vec<u64> = points.iter().flat_map(|point| point[j].cuts()).collect();
        cuts.sort_unstable();
        cuts.dedup();
        for attitude in std::iter::once(0).chain(cuts.iter().copied()) {
            for point in points {
                let choice = point[j].choices(attitude);
                if !choices.contains(&choice) {
                    choices.push(choice);
                }
            }
        }
        jurisdiction.bands = cuts;
        // Nobody is asked: bands are where the points choose otherwise, and nowhere else.
        jurisdiction.objects.fill(0.0);
        jurisdiction.agrees.fill(0.0);
    }
    let variants = |policy: &Policy| -> Vec<Policy> {
        let of = |(i, &(objects, agrees)): (usize, &(u32, u32))| Policy {
            id: format!("{}/{i}", policy.id).into(),
            ..fixed_choice(policy, objects, agrees)
        };
        choices.iter().enumerate().map(of).collect()
    };
    by_band.policies = scenario.policies.iter().flat_map(variants).collect();
    // Orders say nothing here.
    by_band.orders.clear();
    // Policies know people without their bands: these are few classes, whatever the number of points.
    let mut coarse = by_band.clone();
    coarse.jurisdictions.iter_mut().for_each(|jurisdiction| jurisdiction.bands.clear());
    let mut run = Simulation::new(&coarse);
    let known = run.population.classes.all().to_vec();
    run.scenario = by_band;
    run.population = Population::new(&run.scenario, 0);
    let classes = run.population.classes.all().to_vec();
    let first: HashMap<PersonClass, u16> = known.iter().copied().zip(0..).collect();
    let of = |class: &PersonClass| first[&PersonClass { attitude: 0, ..*class }];
    let known_as: Vec<u16> = classes.iter().map(of).collect();

    let worlds: Vec<PersonFlows> = (0..scenario.replicates)
        .map(|replicate| {
            run.turn_to(replicate);
            count(&run, &known_as, threads)
        })
        .collect();
    let at = |point: &Rates| {
        let chosen: Vec<ChosenClass> = classes
            .iter()
            .zip(&known_as)
            .map(|(class, &compiled)| {
                let (objects, agrees) =
                    if class.user { point[class.jurisdiction].choices(class.attitude) } else { (0, 0) };
                let variant = choices.iter().position(|&choice| choice == (objects, agrees)).unwrap_or(0);
                let class = PersonClass { objects, agrees, attitude: 0, ..*class };
                ChosenClass { class, variant, compiled }
            })
            .collect();
        let worlds: Vec<_> = worlds
            .iter()
            .map(|flows| at_choices(scenario, (&run.compiled, &run.contexts, choices.len()), flows, &chosen))
            .collect();
        let tables = Replicates::new(scenario, (&worlds[0].0, &run.orders), worlds.iter().map(|world| &world.1));
        let rows = (0..scenario.policies.len()).flat_map(|policy| tables.exposure_of(policy));
        rows.filter(is_by_person).collect()
    };
    let parts: Vec<&[Rates]> = points.chunks(points.len().div_ceil(threads.max(1)).max(1)).collect();
    on_threads(parts, |points| points.iter().map(at).collect::<Vec<_>>()).into_iter().flatten().collect()
}

/// Whether a row follows from what is counted person by person: not if it is of events, by category, or by day.
pub fn is_by_person(row: &ExposureRow) -> bool {
    let whole = !matches!(&*row.metric, "disclosed_events" | "needs_met") && !needs_days(&row.metric);
    whole && &*row.category == ALL
}

/// Counts the communities of the replicate at hand person by person.
fn count(run: &Simulation, known_as: &[u16], threads: usize) -> PersonFlows {
    let communities = run.population.layout.communities();
    let next = AtomicU32::new(0);
    let threads = Threads::start(threads.clamp(1, communities.max(1) as usize));
    let parts = threads.each(|_| {
        let mut counted = ByPerson::new(&run.compiled, &run.contexts, known_as);
        let mut replay = Replay::new(run);
        loop {
            let community = next.fetch_add(1, Ordering::Relaxed);
            if community >= communities {
                return counted.into_flows();
            }
            replay.community(community, 0..run.scenario.days, &mut counted);
        }
    });
    let mut parts = parts.into_iter();
    let first = parts.next().unwrap_or_else(|| ByPerson::new(&run.compiled, &run.contexts, known_as).into_flows());
    parts.fold(first, |mut sum, part| {
        sum.merge(part);
        sum
    })
}
