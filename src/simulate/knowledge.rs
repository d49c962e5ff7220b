//! What the parent comes to know about the people of some communities: a pass of its own over a sample of them, event by event.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rand::seq::index;

use super::replay::Replay;
use super::simulation::Simulation;
use super::threads::Threads;
use crate::exposure::{
    Contexts, KindPartition, KnowledgeObserver, KnowledgeRow, KnowledgeSources, KnowledgeTotals, MOST_PLACES, Plane,
    knowledge_rows, over_replicates,
};
use crate::policy::Compiled;
use crate::population::Layout;
use crate::random::{Domain, Key};
use crate::scenario::{Knowledge, MetricFamily, Scenario};

/// Communities of a replicate that are looked at, by number, in order: drawn by the seed without replacement, every set of so many as likely.
fn drawn(scenario: &Scenario, asked: &Knowledge, replicate: u32) -> Vec<u32> {
    let communities = Layout::new(scenario).communities();
    let mut rng = Key::new(scenario.seed, replicate).rng(Domain::Knowledge, 0, 0);
    let mut drawn: Vec<u32> =
        index::sample(&mut rng, communities as usize, asked.communities.min(communities) as usize)
            .into_iter()
            .map(|number| number as u32)
            .collect();
    drawn.sort_unstable();
    drawn
}

/// Counters of a replicate of which some communities are still to come; then its rows.
#[derive(Default)]
struct Pending {
    left: usize,
    totals: Option<KnowledgeTotals>,
    rows: Vec<KnowledgeRow>,
}

/// Rows of `tables/knowledge` over the first `replicates` worlds of a run, on so many threads; none if the scenario does not ask.
pub fn knowledge(run: &Simulation, replicates: u32, threads: usize) -> Vec<KnowledgeRow> {
    let scenario = &run.scenario;
    let Some(asked) = &scenario.knowledge else { return Vec::new() };
    let mut work: Vec<(u32, u32)> = Vec::new();
    let mut pending: Vec<Mutex<Pending>> = Vec::new();
    for replicate in 0..replicates {
        let communities = drawn(scenario, asked, replicate);
        pending.push(Mutex::new(Pending { left: communities.len(), ..Pending::default() }));
        work.extend(communities.into_iter().map(|community| (replicate, community)));
    }
    let next = AtomicUsize::new(0);
    let threads = Threads::start(threads.clamp(1, work.len().max(1)));
    threads.each(|_| {
        let mut world = Simulation::new(scenario);
        while let Some(&(replicate, community)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
            world.turn_to(replicate);
            let totals = look_at(&world, asked, community);
            let mut pending = pending[replicate as usize].lock().unwrap_or_else(PoisonError::into_inner);
            pending.left -= 1;
            let all = match pending.totals.take() {
                Some(mut sum) => {
                    sum.merge(&totals);
                    sum
                }
                None => totals,
            };
            // Rows are few, counters are not.
            if pending.left == 0 {
                pending.rows = all.rows(scenario);
            } else {
                pending.totals = Some(all);
            }
        }
    });
    let rows = |pending: Mutex<Pending>| pending.into_inner().unwrap_or_else(PoisonError::into_inner).rows;
    over_replicates(pending.into_iter().map(rows))
}

/// Counts a community.
fn look_at(world: &Simulation, asked: &Knowledge, community: u32) -> KnowledgeTotals {
    let mut observer = KnowledgeObserver::new(KnowledgeSources {
        scenario: &world.scenario,
        asked,
        population: &world.population,
        compiled: &world.compiled,
        contexts: &world.contexts,
    });
    Replay::new(world).community(community, 0..world.scenario.days, &mut observer);
    observer.into_totals()
}

/// Bytes that the parent's knowledge of a run takes on so many threads, from above for worlds of ordinary density; `None` if its policies tell more contexts apart than can be kept. 0 if the scenario does not
/// ask.
pub fn knowledge_memory(scenario: &Scenario, compiled: &Compiled, threads: usize) -> Option<u64> {
    let Some(asked) = &scenario.knowledge else { return Some(0) };
    let contexts = Contexts::new(compiled);
    let places = Plane::places(contexts.planes()) * 16;
    if places > MOST_PLACES {
        return None;
    }
    let layout = Layout::new(scenario);
    let largest = layout.spans().iter().filter(|span| span.communities > 0).map(|span| {
        let of = u64::from(span.communities);
        (span.people.div_ceil(of), span.users.div_ceil(of))
    });
    let (people, users) = largest.fold((0, 0), |(people, users), (p, u)| (people.max(p), users.max(u)));
    let w = &scenario.file.world;
    let t = &scenario.file.traffic;
    let spread = w.address_book_sigma.value;
    let book = (w.address_book_median.value * libm::exp(spread * spread / 2.0)).min(w.address_book_max.value);
    // Members of a group that one is in: those of a group weighted by its size.
    let members = w.group_size_mean.value * (1.0 + 1.0 / w.group_size_dispersion.value) + 1.0;
    let members = members.min(w.group_size_max.value) * w.groups_per_user.value;
    let contacts = t.contacts.value.max(1.0) * 4.0 + 8.0;
    // What policies tell apart in how somebody was told of is a telling of its own: words of contexts, kinds of messages, whether the person has left.
    let told = (book + members + contacts) * users as f64;
    let kinds = if contexts.partition.iter().all(KindPartition::messages) { 1.0 } else { 3.0 };
    let tellings = told * contexts.planes() as f64 * kinds * if contexts.leaves() { 2.0 } else { 1.0 };
    // In order, fresh, and while they are put together; then by policy and purpose as links and ties.
    let of_tellings = (tellings * 30.0) as u64 + (8 << 22);
    // Half hours of each day by context of an actor, and marks of each day.
    let (times, days) = KnowledgeSources::keeps(asked);
    let actor_contexts = contexts.partition.iter().map(|kinds| kinds.count).max().unwrap_or(0) as u64 + 1;
    let of_day = u64::from(times) * actor_contexts * 8 + u64::from(days) * contexts.planes() as u64 * 6;
    let of_times = people * u64::from(scenario.days) * of_day + u64::from(times) * people * 400;
    let cells = (compiled.policies * (compiled.purposes + 1)) as u64;
    let of_table = (places * compiled.classes.len() * compiled.layers()) as u64 * 4;
    let of_people = people * (200 + 8 * compiled.layers() as u64 + contexts.planes() as u64 * 2);
    // Maps by policy and purpose: at most as many entries as people, of the community at hand and of all before it.
    let maps = [MetricFamily::SinglingOut, MetricFamily::Graph, MetricFamily::Leakage];
    let kept = if maps.iter().any(|&family| asked.asks(family)) { cells * people * 120 } else { 0 };
    let communities = u64::from(asked.communities.min(layout.communities()));
    let tasks = u64::from(scenario.replicates) * communities;
    let threads = (threads as u64).min(tasks.max(1));
    let rows = knowledge_rows(scenario).saturating_mul(200 * u64::from(scenario.replicates));
    let one =
        of_tellings.saturating_add(of_table).saturating_add(of_people).saturating_add(of_times).saturating_add(kept);
    // Of each replicate that is not done: one, and another for every thread beyond.
    let pending = kept.saturating_mul(communities).saturating_mul(u64::from(scenario.replicates).min(threads));
    Some(one.saturating_mul(threads).saturating_add(pending).saturating_add(rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, load};

    #[test]
    fn communities_are_drawn_without_replacement_and_by_the_seed() {
        let changes = Overrides {
            people: Some(4000),
            set: vec![
                "world.community_size=64".into(),
                "exposure.metrics=[\"informants\"]".into(),
                "exposure.sample=20".into(),
            ],
            ..Overrides::default()
        };
        let (scenario, _) = load("cnil-2017".as_ref(), &changes).expect("it ships");
        let asked = scenario.knowledge.clone().expect("it asks");
        let (first, second) = (drawn(&scenario, &asked, 0), drawn(&scenario, &asked, 1));
        assert_eq!((first.len(), second.len()), (20, 20));
        assert!(first.windows(2).all(|pair| pair[0] < pair[1]) && first != second);
        assert_eq!(drawn(&scenario, &asked, 1), second);
        let all = Knowledge { communities: u32::MAX, ..asked };
        let communities = Layout::new(&scenario).communities();
        assert_eq!(drawn(&scenario, &all, 0), (0..communities).collect::<Vec<_>>());
    }

    /// What is asked for grows with what is looked at, and nothing is asked for nothing.
    #[test]
    fn memory_is_foretold() {
        let memory = |people: u64, more: &[&str], threads: usize| {
            let asked = ["exposure.metrics=[\"graph\"]"];
            let set = asked.iter().chain(more).map(|s| (*s).to_owned()).collect();
            let changes = Overrides { people: Some(people), replicates: Some(2), set, ..Overrides::default() };
            let (scenario, _) = load("cnil-2017".as_ref(), &changes).expect("it ships");
            let run = Simulation::new(&scenario);
            knowledge_memory(&scenario, &run.compiled, threads).expect("few contexts")
        };
        let (small, large) = (memory(2_000, &[], 1), memory(200_000, &[], 1));
        // A community of 60,000 people took some 300 MB, with all that a run has.
        assert!(small < 60 << 20 && (200 << 20..1 << 30).contains(&large), "{small} {large}");
        assert!(memory(200_000, &[], 2) > large + large / 2);
        // There are two communities to look at, one of each world.
        assert_eq!(memory(200_000, &[], 2), memory(200_000, &[], 8));
        assert!(memory(200_000, &["exposure.sample=4"], 8) > 3 * large);
        assert_eq!(memory(200_000, &["exposure.metrics=[]"], 1), 0);
    }
}
