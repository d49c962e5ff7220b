//! Leaving the service as the only way to object: who leaves, when, and what does not change.

mod common;

use std::collections::{HashMap, HashSet};

use common::{Record, Sides, all, digest, events, execute, feed, leaving, staying};
use outflow::population::{Book, Community, PersonClass, split_id};
use outflow::scenario::Kind;
use outflow::simulate::Simulation;
use outflow::traffic::{Batch, Shape, Sink};

const PEOPLE: u64 = 2_500;
const DAYS: u32 = 7;

/// Whether somebody is gone on a day, from the world rather than from the community at hand.
fn gone(run: &Simulation, id: u64, day: u32) -> bool {
    left_on(run, id).is_some_and(|left| left <= i64::from(day))
}

fn left_on(run: &Simulation, id: u64) -> Option<i64> {
    let (number, local) = split_id(id);
    let shape = run.population.layout.shape(number);
    let user = local < shape.users;
    let person = run.population.people.person(&shape, local, user);
    run.population.leaves(run.population.class_of(&shape, user, &person), id)
}

fn everybody(run: &Simulation) -> impl Iterator<Item = (u64, bool)> {
    all(run).flat_map(|number| {
        let shape = run.population.layout.shape(number);
        (0..shape.people).map(move |local| (u64::from(number) << 16 | u64::from(local), local < shape.users))
    })
}

/// Attitude and objection rates alone decide who leaves; within the window each day is as likely as any other.
#[test]
fn those_who_object_leave_within_the_window() {
    let scenario = leaving(60_000, 1, &[]);
    let run = Simulation::new(&scenario);
    let (first, within) = (-3, 14);
    let (mut by_day, mut stay) = (vec![0u32; within], 0);
    // Sums for the correlation of attitude and day.
    let mut pairs: Vec<(f64, f64)> = Vec::new();
    for (id, user) in everybody(&run) {
        let shape = run.population.layout.shape(split_id(id).0);
        let attitude = run.population.people.person(&shape, split_id(id).1, user).attitude();
        let rates = &scenario.jurisdictions[shape.jurisdiction].objects;
        let purposes = scenario.purposes.iter().zip(rates);
        let mut rates = purposes.filter(|(p, _)| ["business_intelligence", "security"].contains(&&*p.id));
        let objects = user && rates.any(|(_, rate)| attitude < *rate);
        match left_on(&run, id) {
            Some(day) => {
                assert!(objects, "{id} left");
                by_day[usize::try_from(day - first).expect("not before the window")] += 1;
                pairs.push((attitude, day as f64));
            }
            None => {
                assert!(!objects, "{id} stayed");
                stay += 1;
            }
        }
    }
    let n = pairs.len() as f64;
    assert!(n > 3_000.0 && stay > 30_000);
    // Chi-squared with 13 degrees of freedom exceeds 34.5 once in a thousand; the seed is fixed.
    let expected = n / within as f64;
    let chi: f64 = by_day.iter().map(|&k| (f64::from(k) - expected).powi(2) / expected).sum();
    assert!(chi < 34.5, "{chi}: {by_day:?}");
    let mean = |f: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(f).sum::<f64>() / n;
    let (a, d) = (mean(&|p| p.0), mean(&|p| p.1));
    let covariance = mean(&|p| (p.0 - a) * (p.1 - d));
    let correlation = covariance / (mean(&|p| (p.0 - a).powi(2)) * mean(&|p| (p.1 - d).powi(2))).sqrt();
    assert!(correlation.abs() < 4.0 / n.sqrt(), "{correlation}");
}

/// People, ties, groups and address books are those of the world in which nobody leaves.
#[test]
fn the_world_is_the_same() {
    let (with, without) = (Simulation::new(&leaving(PEOPLE, 1, &[])), Simulation::new(&staying(PEOPLE, 1, &[])));
    assert!(!without.population.somebody_leaves());
    let (mut a, mut b) = (Community::empty(), Community::empty());
    let (mut book_a, mut book_b) = (Book::default(), Book::default());
    for number in all(&with) {
        a.fill(&with.population, number);
        b.fill(&without.population, number);
        assert_eq!((a.shape, a.zone, a.slots(), &a.groups.list), (b.shape, b.zone, b.slots(), &b.groups.list));
        assert!(b.left_day.is_empty() && b.leavers.is_empty());
        for slot in 0..a.slots() as u32 {
            let acting = slot < a.shape.users || !a.is_local(slot);
            assert_eq!(a.id(slot), b.id(slot));
            let lively = |c: &Community| (c.columns.level[slot as usize], c.columns.presence[slot as usize]);
            assert!(!acting || lively(&a) == lively(&b));
            let class = |run: &Simulation, c: &Community| {
                run.population.classes.all()[usize::from(c.columns.class[slot as usize])]
            };
            assert_eq!(class(&with, &a), class(&without, &b));
        }
        for user in 0..a.shape.users {
            a.address_book(&with.population, user, &mut book_a);
            b.address_book(&without.population, user, &mut book_b);
            assert!(!book_a.is_empty() && book_a.entries().eq(book_b.entries()));
        }
    }
}

/// A slot's day and class are those of the person, and a class changes in nothing but having left.
#[test]
fn communities_know_who_is_gone() {
    let run = Simulation::new(&leaving(PEOPLE, 1, &[]));
    let classes = &run.population.classes;
    let mut community = Community::empty();
    let (mut before, mut later, mut elsewhere) = (0, 0, 0);
    for number in all(&run) {
        community.fill(&run.population, number);
        assert!(community.leavers.is_sorted());
        let mut leavers = 0;
        for slot in (0..community.slots() as u32).filter(|&slot| community.id(slot) != u64::MAX) {
            let day = left_on(&run, community.id(slot));
            let expected = day.map_or(u32::MAX, |day| day.max(0) as u32);
            assert_eq!(community.left_day[slot as usize], expected);
            let class = community.columns.class[slot as usize];
            for today in 0..12 {
                let gone = expected <= today;
                assert_eq!(community.gone(slot, today), gone);
                let now = classes.all()[usize::from(community.class_on(classes, slot, today))];
                assert_eq!(now, PersonClass { left: gone, ..classes.all()[usize::from(class)] });
                assert_eq!(now.has_account(), now.user && !gone);
            }
            if let Some(day) = day {
                assert!(community.leavers.contains(&(expected, slot)));
                leavers += 1;
                before += u32::from(day <= 0);
                later += u32::from(day > 0);
                elsewhere += u32::from(!community.is_local(slot));
            }
        }
        assert_eq!(community.leavers.len(), leavers);
    }
    assert!(before > 20 && later > 20 && elsewhere > 20, "{before}, {later}, {elsewhere}");
}

fn is_group(r: &Record) -> bool {
    Kind::ALL[usize::from(r.kind)].is_group_message()
}

fn sorted(events: impl Iterator<Item = Record>) -> Vec<Record> {
    let mut events: Vec<Record> = events.collect();
    events.sort_unstable();
    events
}

/// Two worlds, event by event: but for talk in groups, what happens is what happens where nobody leaves, less what
/// people who are gone would do or receive.
#[test]
fn only_what_touches_the_gone_is_missing() {
    let (with, without) = (Simulation::new(&leaving(PEOPLE, DAYS, &[])), Simulation::new(&staying(PEOPLE, DAYS, &[])));
    let whole: Vec<Record> = events(&without, all(&without), 0..DAYS).into_iter().filter(|r| !is_group(r)).collect();
    let got = sorted(events(&with, all(&with), 0..DAYS).into_iter().filter(|r| !is_group(r)));
    let touches_gone = |r: &Record| {
        let receives = r.kind != Kind::ContactSync as u8 && r.counterparties.iter().any(|&c| gone(&with, c, r.day));
        receives || gone(&with, r.actor, r.day)
    };
    let missing = whole.iter().filter(|r| touches_gone(r)).count();
    let uploads =
        |r: &&Record| r.kind == Kind::ContactSync as u8 && r.counterparties.iter().any(|&c| gone(&with, c, r.day));
    assert!(missing > 5_000 && got.iter().filter(uploads).count() > 50);
    assert_eq!(got, sorted(whole.into_iter().filter(|r| !touches_gone(r))));
}

/// Groups: nothing changes before a member leaves; then the same conversations take place, or not, among the rest.
#[test]
fn groups_go_on_among_those_who_stay() {
    let (with, without) = (Simulation::new(&leaving(PEOPLE, DAYS, &[])), Simulation::new(&staying(PEOPLE, DAYS, &[])));
    let whole: Vec<Record> = events(&without, all(&without), 0..DAYS).into_iter().filter(is_group).collect();
    let got: Vec<Record> = events(&with, all(&with), 0..DAYS).into_iter().filter(is_group).collect();
    let everybody = |r: &Record| -> Vec<u64> { r.counterparties.iter().copied().chain([r.actor]).collect() };
    let members: HashMap<u64, HashSet<u64>> =
        whole.iter().map(|r| (r.conversation, everybody(r).into_iter().collect())).collect();
    let complete = |r: &&Record| members[&r.conversation].iter().all(|&m| !gone(&with, m, r.day));
    let unchanged = sorted(got.iter().filter(complete).cloned());
    assert!(unchanged.len() > 5_000);
    assert_eq!(unchanged, sorted(whole.iter().filter(complete).cloned()));

    let mut among_the_rest = 0;
    for r in got.iter().filter(|r| !complete(r)) {
        let rest: HashSet<u64> = members[&r.conversation].iter().copied().filter(|&m| !gone(&with, m, r.day)).collect();
        assert_eq!(rest, everybody(r).into_iter().collect());
        assert!(!r.counterparties.is_empty());
        among_the_rest += 1;
    }
    assert!(among_the_rest > 1_000, "{among_the_rest}");
}

/// A conversation goes with the one who is asked first. So those who stay talk in groups nearly as often as before,
/// but for groups of which only one member is left, and for conversations of which nobody left is there that day.
#[test]
fn groups_talk_less_in_proportion_to_whom_they_lost() {
    let set = ["FR", "DE"].map(|j| format!("jurisdiction.{j}.objects.business_intelligence=0.5"));
    let set = [&set[0], &set[1], "uninstall.from=2016-08-25"];
    let (with, without) = (Simulation::new(&leaving(5_000, 3, &set)), Simulation::new(&staying(5_000, 3, &set)));
    let conversations = |run: &Simulation| {
        let talk = events(run, all(run), 1..3).into_iter().filter(is_group).map(|r| r.conversation);
        talk.collect::<HashSet<u64>>().len() as f64
    };
    let users = everybody(&with).filter(|&(_, user)| user).count() as f64;
    let stay = everybody(&with).filter(|&(id, user)| user && !gone(&with, id, 0)).count() as f64;
    assert!((0.4..0.6).contains(&(stay / users)), "{stay} of {users} stay");
    let ratio = (conversations(&with) / stay) / (conversations(&without) / users);
    assert!((0.82..0.94).contains(&ratio), "{ratio}");
}

/// No batch of any shape, of either side, has somebody who is gone, but in address books.
#[test]
fn the_gone_neither_act_nor_receive() {
    struct Watch<'a>(&'a Simulation, u64, u64);
    impl Sink for Watch<'_> {
        fn batch(&mut self, community: &Community, day: u32, batch: &Batch) {
            let gone = |slot: u32| gone(self.0, community.id(slot), day);
            for i in 0..batch.len() {
                let e = batch.event(i);
                assert!(!gone(e.actor), "{} acts", community.id(e.actor));
                let listed = e.kind == Kind::ContactSync as u8;
                let others: &[u32] = match batch.shape {
                    Shape::Pair | Shape::Incoming => &[e.target],
                    Shape::Audience => batch.audience(e.target),
                    Shape::Solo => &[],
                };
                assert!(batch.shape != Shape::Audience || listed || others.len() > 1);
                for &other in others.iter().filter(|&&other| gone(other)) {
                    assert!(listed, "{} receives {:?}", community.id(other), Kind::ALL[usize::from(e.kind)]);
                    self.1 += 1;
                    self.2 += u64::from(batch.shape == Shape::Incoming);
                }
            }
        }
    }
    let run = Simulation::new(&leaving(PEOPLE, DAYS, &[]));
    let mut watch = Watch(&run, 0, 0);
    feed(&run, all(&run), 0..DAYS, &mut watch);
    assert!(watch.1 > 1_000 && watch.2 > 20, "{} listed, {} of them from elsewhere", watch.1, watch.2);
}

#[test]
fn weak_ties_agree_on_both_sides() {
    let run = Simulation::new(&leaving(PEOPLE, DAYS, &[]));
    let (mut sides, mut uploads) = (Sides::default(), Uploads::default());
    feed(&run, all(&run), 0..DAYS, &mut sides);
    assert!(sides.said.len() > 1_000);
    assert_eq!(sides.said, sides.heard);
    // Uploads too, also about those who left.
    feed(&run, all(&run), 0..DAYS, &mut uploads);
    assert!(uploads.said.keys().any(|&(_, listed, day, _)| gone(&run, listed, day)));
    assert_eq!(uploads.said, uploads.heard);
}

/// (owner, listed, day, time) of uploads about weak ties.
#[derive(Default)]
struct Uploads {
    said: HashMap<(u64, u64, u32, u32), u32>,
    heard: HashMap<(u64, u64, u32, u32), u32>,
}

impl Sink for Uploads {
    fn batch(&mut self, community: &Community, day: u32, batch: &Batch) {
        for e in (0..batch.len()).map(|i| batch.event(i)).filter(|e| e.kind == Kind::ContactSync as u8) {
            let key = |slot: u32| (community.id(e.actor), community.id(slot), day, e.time);
            if batch.shape == Shape::Incoming {
                *self.heard.entry(key(e.target)).or_default() += 1;
            } else {
                for &slot in batch.audience(e.target).iter().filter(|&&slot| !community.is_local(slot)) {
                    *self.said.entry(key(slot)).or_default() += 1;
                }
            }
        }
    }
}

#[test]
fn any_part_can_be_made_alone() {
    let run = Simulation::new(&leaving(PEOPLE, DAYS, &[]));
    let whole = events(&run, all(&run), 0..DAYS);
    for community in [0, 3, run.population.layout.communities() - 1] {
        let part = whole.iter().filter(|r| split_id(r.actor).0 == community).cloned();
        assert_eq!(sorted(events(&run, [community], 0..DAYS).into_iter()), sorted(part));
    }
    // A day alone needs the one before it.
    let of_day = |events: &[Record]| sorted(events.iter().filter(|r| r.day == 4).cloned());
    assert_eq!(of_day(&events(&run, all(&run), 3..5)), of_day(&whole));
}

#[test]
fn threads_change_no_digit() {
    let scenario = leaving(PEOPLE, 4, &[]);
    let digests = [1, 3].map(|threads| {
        let (run, outcome) = execute(&scenario, threads);
        digest(&scenario, &run, &outcome)
    });
    assert_eq!(digests[0], digests[1]);
}

/// A window before the run is the same window, further back: nobody is left to leave during the run.
#[test]
fn a_window_before_the_run_has_everybody_gone_from_its_first_day() {
    let before = leaving(PEOPLE, 2, &["uninstall.from=2016-08-25", "uninstall.within_days.value=30"]);
    let run = Simulation::new(&before);
    let days: Vec<i64> = everybody(&run).filter_map(|(id, _)| left_on(&run, id)).collect();
    assert!(days.len() > 100 && days.iter().all(|day| (-459..-429).contains(day)), "{days:?}");
    let mut community = Community::empty();
    community.fill(&run.population, 0);
    assert!(!community.leavers.is_empty() && community.leavers.iter().all(|&(day, _)| day == 0));
}
