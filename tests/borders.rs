//! Border cases of the world: countries of one community, of 300 people, of one person; two people; nobody a user; everybody a user.

mod common;

use std::collections::{HashMap, HashSet};

use common::{Record, all, cnil, digest, events, execute};
use outflow::population::{Book, Community};
use outflow::scenario::{Kind, Scenario};
use outflow::simulate::Simulation;

/// A world of one country, with this share of users.
fn country(people: u64, users: f64, days: u32, set: &[&str]) -> Scenario {
    let mut changes: Vec<String> = ["FR", "DE", "UK", "IT", "ROW"].map(|j| format!("jurisdiction.{j}.share=0")).into();
    changes.push("jurisdiction.ES.share=1".into());
    changes.push(format!("jurisdiction.ES.users={users}"));
    changes.extend(set.iter().map(|s| (*s).to_string()));
    cnil(people, days, &changes.iter().map(String::as_str).collect::<Vec<_>>())
}

/// All that happens, after the law: the same figures on 1, 2 and 7 threads.
fn world(scenario: &Scenario) -> (Simulation, Vec<Record>) {
    let digests = [1, 2, 7].map(|threads| {
        let (run, outcome) = execute(scenario, threads);
        digest(scenario, &run, &outcome)
    });
    assert!(digests.iter().all(|digest| *digest == digests[0]), "{digests:?}");
    let run = Simulation::new(scenario);
    let events = events(&run, all(&run), 0..scenario.days);
    (run, events)
}

fn kind(record: &Record) -> Kind {
    Kind::ALL[usize::from(record.kind)]
}

/// Whom each person writes to, one to one.
fn contacts(events: &[Record]) -> HashMap<u64, HashSet<u64>> {
    let mut contacts: HashMap<u64, HashSet<u64>> = HashMap::new();
    for record in events.iter().filter(|r| kind(r).is_message() && !kind(r).is_group_message()) {
        assert!(!record.counterparties.contains(&record.actor), "somebody writes to themselves");
        contacts.entry(record.actor).or_default().extend(&record.counterparties);
    }
    contacts
}

/// Entries of all address books of a community, by owner: others, and each once.
fn books(run: &Simulation, community: u32) -> Vec<Vec<u32>> {
    let mut place = Community::empty();
    place.fill(&run.population, community);
    let mut book = Book::default();
    (0..place.shape.users)
        .map(|owner| {
            place.address_book(&run.population, owner, &mut book);
            let entries: Vec<u32> = book.entries().collect();
            let distinct: HashSet<u32> = entries.iter().copied().collect();
            assert!(distinct.len() == entries.len() && !distinct.contains(&owner));
            entries
        })
        .collect()
}

#[test]
fn one_person_does_what_can_be_done_alone() {
    let (run, events) = world(&country(1, 1.0, 20, &[]));
    assert!(!events.is_empty() && events.iter().all(|r| !kind(r).is_message() && r.counterparties.is_empty()));
    assert_eq!(books(&run, 0), [Vec::<u32>::new()]);
}

#[test]
fn two_people_have_each_other() {
    let (run, events) = world(&country(2, 1.0, 20, &[]));
    let contacts = contacts(&events);
    assert_eq!(contacts.len(), 2);
    assert!(contacts.values().all(|of| of.len() == 1));
    assert_eq!(books(&run, 0), [[1], [0]]);
}

#[test]
fn where_nobody_is_a_user_nothing_happens() {
    let (run, events) = world(&country(3_000, 0.0, 3, &[]));
    assert!(events.is_empty());
    assert!(books(&run, 0).is_empty());
}

#[test]
fn where_everybody_is_a_user_books_list_users() {
    let (run, events) = world(&country(3_000, 1.0, 2, &[]));
    assert!(contacts(&events).len() > 2_000);
    let (books, mut sizes) = (books(&run, 0), Vec::new());
    sizes.extend(books.iter().map(Vec::len));
    sizes.sort_unstable();
    assert!((100..140).contains(&sizes[1_500]), "{}", sizes[1_500]);
}

/// Nobody writes to strangers.
const NO_STRANGERS: [&str; 3] = [
    "abuse_class.bulk_sender.strangers=0",
    "abuse_class.clone_farm.strangers=0",
    "abuse_class.slow_scammer.strangers=0",
];

/// People at the end of an order, whose circles are not full, have no more contacts than others, and no strangers.
#[test]
fn nobody_is_at_an_edge() {
    for people in [300, 2_080, 2_100] {
        let (_, events) = world(&country(
            people,
            1.0,
            10,
            &[&["traffic.tie_spell_days=0", "traffic.tie_turnover_days=0"][..], &NO_STRANGERS].concat(),
        ));
        let contacts = contacts(&events);
        let degree = |from: u64, until: u64| {
            let of: Vec<f64> = (from..until).map(|user| contacts.get(&user).map_or(0.0, |c| c.len() as f64)).collect();
            of.iter().sum::<f64>() / of.len() as f64
        };
        // 300 people are four blocks of 64 and 44 more, 2,080 are 32 and half a one, 2,100 end with 52 people.
        let last = people / 64 * 64;
        let (inside, edge) = (degree(0, last), degree(last, people));
        assert!((0.5..1.5).contains(&(edge / inside)), "{people}: {edge} contacts at the edge, {inside} inside");
        assert!(contacts.values().all(|of| of.len() <= 280), "{people}");
    }
}

/// What a country is like does not depend on the number of its communities.
#[test]
fn a_country_of_one_community_is_like_one_of_several() {
    let shape = |community_size: &str| {
        let (run, events) = world(&country(12_000, 0.5, 3, &[community_size]));
        let contacts = contacts(&events);
        let degree = contacts.values().map(HashSet::len).sum::<usize>() as f64 / contacts.len() as f64;
        let communities = run.population.layout.communities();
        let books: Vec<usize> = (0..communities).flat_map(|c| books(&run, c)).map(|book| book.len()).collect();
        (communities, degree, books.iter().sum::<usize>() as f64 / books.len() as f64)
    };
    let (one, several) = (shape("world.community_size=65536"), shape("world.community_size=3000"));
    assert_eq!((one.0, several.0), (1, 4));
    assert!((0.85..1.15).contains(&(one.1 / several.1)), "contacts: {} and {}", one.1, several.1);
    // Some fifty neighbourhoods, of lognormal sizes.
    assert!((0.8..1.25).contains(&(one.2 / several.2)), "entries: {} and {}", one.2, several.2);
}

/// Countries so small that rounding leaves them a person or none, beside a large one.
#[test]
fn countries_of_a_person_or_none_stand_beside_large_ones() {
    let scenario =
        cnil(2_000, 2, &["jurisdiction.FR.share=0.0005", "jurisdiction.DE.share=0.4995", "jurisdiction.IT.share=0.12"]);
    let (run, events) = world(&scenario);
    let people: Vec<u64> = run.population.layout.spans().iter().map(|span| span.people).collect();
    assert_eq!((people[0], people.iter().sum::<u64>()), (1, 2_000));
    assert!(contacts(&events).len() > 300);
}
