//! Many rates of objection and agreement in one world, simulated once.
//!
//! A choice does not change what happens, and attitudes nest: whoever objects at a rate objects at every higher one. So people are counted by band of attitude, under each policy as it is for
//! each set of choices that occurs; and what a policy lets out at some rates is, band by band, what it lets out under the choices that the band makes at them.

use super::counters::Counters;
use super::simulation::Simulation;
use crate::exposure::{ExposureRow, Replicates, Totals, regroup};
use crate::policy::{Compiled, fixed_choice};
use crate::population::{Attitudes, PersonClass};
use crate::scenario::{Policy, Scenario};

/// Most bands of attitude of a jurisdiction in a run: counters by band have to fit registers, where rules tell parent accounts and minors apart too.
const MOST_BANDS: usize = 28;

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
        if cuts.iter().any(|cuts| cuts.len() >= MOST_BANDS) {
            return n.max(1);
        }
    }
    points.len()
}

/// Rows of `exposure` at each of these points of a scenario, whose policies ask for nobody's choice but the subject's. Those of events and by category are not among
/// them: their counters are not kept by band.
pub fn rows_by_choice(scenario: &Scenario, points: &[Rates], counters: &Counters) -> Vec<Vec<ExposureRow>> {
    let mut choices: Vec<(u32, u32)> = Vec::new();
    let mut bands = scenario.clone();
    for (j, jurisdiction) in bands.jurisdictions.iter_mut().enumerate() {
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
    bands.policies = scenario.policies.iter().flat_map(variants).collect();
    // Orders say nothing here.
    bands.orders.clear();
    let mut run = Simulation::new(&bands);
    let outcome = run.run_replicates(1, counters);
    let at = |point: &Rates| {
        let classes: Vec<PersonClass> = run.compiled.classes.iter().map(|class| chosen(class, point)).collect();
        let variant = |policy: usize, class: &PersonClass| {
            let choice = choices.iter().position(|&c| c == (class.objects, class.agrees)).unwrap_or(0);
            policy * choices.len() + choice
        };
        let worlds: Vec<(Compiled, Totals)> = outcome
            .totals
            .iter()
            .map(|totals| regroup(scenario, (&run.compiled, totals), classes.clone(), variant))
            .collect();
        let compiled = &worlds[0].0;
        let tables = Replicates::new(scenario, (compiled, &run.orders), worlds.iter().map(|world| &world.1));
        let rows = (0..scenario.policies.len()).flat_map(|policy| tables.exposure_of(policy));
        rows.filter(|row| &*row.metric != "disclosed_events" && &*row.category == crate::exposure::ALL).collect()
    };
    points.iter().map(at).collect()
}

/// A class as its people choose at a point.
fn chosen(class: &PersonClass, point: &Rates) -> PersonClass {
    if !class.user {
        return *class;
    }
    let (objects, agrees) = point[class.jurisdiction].choices(class.attitude);
    PersonClass { objects, agrees, ..*class }
}
