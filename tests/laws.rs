//! The laws of the design: a pure function, the same on any machine, for any policy.

mod common;

use common::{Record, Sides, all, cnil, digest, events, execute, feed, leaving};
use outflow::exposure::{ALL, CommunityExposure, DayExposure, Exposure, Tabulation};
use outflow::policy::{Decisions, Filter};
use outflow::population::Community;
use outflow::scenario::{Choice, ChoiceOf, Effect, Kind, Policy, Rule, Scenario};
use outflow::simd::InstructionSet;
use outflow::simulate::{Counters, Simulation};
use outflow::traffic::{Batch, CommunitySink, DaySink, Sink, Tally};

/// Small communities, so that few people already make many of them.
const SMALL: [&str; 1] = ["world.community_size=256"];

fn sorted(mut events: Vec<Record>) -> Vec<Record> {
    events.sort_unstable();
    events
}

#[test]
fn law_1_a_community_alone_is_the_community_in_the_whole() {
    let run = Simulation::new(&cnil(3_000, 3, &SMALL));
    let all = run.population.layout.communities();
    assert!(all > 10);
    let whole = events(&run, 0..all, 0..3);
    for community in [0, 5, all - 1] {
        let alone = sorted(events(&run, [community], 0..3));
        let part = sorted(whole.iter().filter(|r| (r.actor >> 16) as u32 == community).cloned().collect());
        assert!(!alone.is_empty());
        assert_eq!(alone, part);
    }
    // Nor does the order of communities matter.
    assert_eq!(sorted(whole), sorted(events(&run, (0..all).rev(), 0..3)));
}

/// People worked out in columns, a run at a time, are those worked out one by one; at both ends of weak ties, too.
#[test]
fn law_1_people_alone_are_the_people_in_columns() {
    let run = Simulation::new(&cnil(3_000, 1, &SMALL));
    let mut community = Community::empty();
    let mut strangers = 0;
    for number in all(&run) {
        community.fill(&run.population, number);
        for slot in 0..community.slots() as u32 {
            let Some((shape, local)) = community.place(slot) else { continue };
            let user = local < shape.users;
            let person = run.population.people.person(&shape, local, user);
            let columns = &community.columns;
            assert_eq!(columns.class[slot as usize], run.population.class_of(&shape, user, &person));
            if user {
                let lively = (columns.level[slot as usize], columns.presence[slot as usize]);
                assert_eq!(lively, (person.level, person.presence | person.shape << 6));
            }
            strangers += u32::from(!community.is_local(slot));
        }
    }
    assert!(strangers > 1000);
}

/// Wider instructions change no digit.
#[test]
fn law_2_instructions_change_no_digit() {
    for scenario in [cnil(4_000, 3, &SMALL), cnil(9_000, 1, &[]), leaving(1_500, 7, &[])] {
        let digests: Vec<String> = InstructionSet::ALL
            .into_iter()
            .map(|set| {
                let (run, outcome) = set.run(|| execute(&scenario, 1));
                digest(&scenario, &run, &outcome)
            })
            .collect();
        assert_eq!(digests[0], digests[1]);
        assert_eq!(digests[0], digests[2]);
    }
}

#[test]
fn law_1_a_day_alone_is_the_day_in_the_whole() {
    let run = Simulation::new(&cnil(2_000, 6, &SMALL));
    let all = run.population.layout.communities();
    let whole = events(&run, 0..all, 0..6);
    // A conversation may spill over one midnight, so a day needs the day before it.
    let alone = events(&run, 0..all, 3..5);
    let day = |events: &[Record]| sorted(events.iter().filter(|r| r.day == 4).cloned().collect());
    assert!(day(&whole).len() > 1000);
    assert_eq!(day(&whole), day(&alone));
}

#[test]
fn law_1_more_days_extend_a_run() {
    let short = Simulation::new(&cnil(1_000, 2, &[]));
    let long = Simulation::new(&cnil(1_000, 4, &[]));
    let all = short.population.layout.communities();
    assert_eq!(events(&short, 0..all, 0..2), events(&long, 0..all, 0..2));
}

#[test]
fn law_2_threads_change_no_digit() {
    let scenario = cnil(6_000, 4, &SMALL);
    let digests: Vec<String> = [1, 2, 7]
        .map(|threads| {
            let (run, outcome) = execute(&scenario, threads);
            digest(&scenario, &run, &outcome)
        })
        .into();
    assert_eq!(digests[0], digests[1]);
    assert_eq!(digests[0], digests[2]);
}

#[test]
fn seeds_and_replicates_change_the_world() {
    let a = cnil(1_000, 1, &[]);
    let b = cnil(1_000, 1, &["scenario.seed=7"]);
    let (run_a, out_a) = execute(&a, 1);
    let (run_b, out_b) = execute(&b, 1);
    assert_ne!(digest(&a, &run_a, &out_a), digest(&b, &run_b, &out_b));
    // A replicate is the run of its seed, and no other's.
    let mut third = outflow::simulate::Simulation::new(&a);
    third.turn_to(2);
    let out_third = third.run(1, &Counters::default());
    let seeded = Scenario { seed: outflow::random::replicate_seed(a.seed, 2), ..a.clone() };
    let (run_seeded, out_seeded) = execute(&seeded, 1);
    let of_third = digest(&a, &third, &out_third);
    assert_eq!(of_third, digest(&seeded, &run_seeded, &out_seeded));
    assert_ne!(of_third, digest(&a, &run_a, &out_a));
    let seeds: std::collections::HashSet<u64> =
        (0..1000).map(|replicate| outflow::random::replicate_seed(a.seed, replicate)).collect();
    assert_eq!(seeds.len(), 1000);
}

#[test]
fn law_3_equal_policies_differ_by_zero() {
    let mut scenario = cnil(4_000, 3, &SMALL);
    let copies: Vec<Policy> =
        scenario.policies.iter().map(|p| Policy { id: format!("{}-again", p.id).into(), ..p.clone() }).collect();
    let originals = scenario.policies.len();
    scenario.policies.extend(copies);
    let (run, outcome) = execute(&scenario, 2);
    let finish = Tabulation::new(&scenario, &run.compiled, &outcome.totals);
    let rows = finish.exposure();
    let half = rows.len() / 2;
    assert!(rows.iter().any(|r| r.value.as_f64() > 0.0));
    for (a, b) in rows[..half].iter().zip(&rows[half..]) {
        assert_eq!(format!("{}-again", a.policy), *b.policy);
        assert_eq!(
            (&a.purpose, &a.jurisdiction, &a.population, &a.category, &a.metric, a.value),
            (&b.purpose, &b.jurisdiction, &b.population, &b.category, &b.metric, b.value)
        );
    }
    for day in 0..3 {
        let rows = finish.daily(day);
        let half = rows.len() / 2;
        assert_eq!(half * 2, rows.len());
        assert!(rows[..half].iter().zip(&rows[half..]).all(|(a, b)| a.value == b.value && a.metric == b.metric));
    }
    assert_eq!(originals * 2, scenario.policies.len());
}

/// Adding a policy changes nothing for the others, though it may tell more classes apart.
#[test]
fn law_3_policies_do_not_see_each_other() {
    let scenario = cnil(3_000, 2, &SMALL);
    let (run, outcome) = execute(&scenario, 1);
    let together = Tabulation::new(&scenario, &run.compiled, &outcome.totals).exposure();
    for policy in &scenario.policies {
        let mut alone = scenario.clone();
        alone.policies = vec![policy.clone()];
        let (run, outcome) = execute(&alone, 1);
        let rows = Tabulation::new(&alone, &run.compiled, &outcome.totals).exposure();
        let same: Vec<_> = together.iter().filter(|r| r.policy == policy.id).cloned().collect();
        assert_eq!(rows, same);
    }
}

/// What one community hears over a weak tie is what the other says.
#[test]
fn weak_ties_agree_on_both_sides() {
    let run = Simulation::new(&cnil(4_000, 3, &SMALL));
    let mut sides = Sides::default();
    feed(&run, all(&run), 0..3, &mut sides);
    assert!(sides.said.len() > 1000);
    assert_eq!(sides.said, sides.heard);
}

/// Whoever joins a group is a member of it.
#[test]
fn joins_are_to_own_groups() {
    #[derive(Default)]
    struct Joins(u32);
    impl Sink for Joins {
        fn batch(&mut self, community: &Community, _: u32, batch: &Batch) {
            for i in 0..batch.len() {
                let e = batch.event(i);
                if e.kind == Kind::GroupJoin as u8 {
                    let group = community.groups.list[e.target as usize];
                    assert!(community.members(&group).any(|m| m == e.actor));
                    self.0 += 1;
                }
            }
        }
    }
    let run = Simulation::new(&cnil(3_000, 4, &SMALL));
    let mut joins = Joins::default();
    feed(&run, all(&run), 0..4, &mut joins);
    assert!(joins.0 > 20, "{}", joins.0);
}

/// A scenario whose policies tell many classes of people apart, and who acts.
fn particular() -> Scenario {
    let mut scenario = cnil(3_000, 2, &SMALL);
    let everything = scenario.policies[0].rules[0].clone();
    let rules = vec![
        everything.clone(),
        Rule { effect: Effect::Forbid, minor: Some(true), categories: 1, ..everything.clone() },
        Rule { effect: Effect::Forbid, parent_account: Some(true), categories: 2, ..everything.clone() },
        Rule {
            effect: Effect::Forbid,
            choice: Some((Choice::Objects, ChoiceOf::Both)),
            categories: !0 << 3,
            ..everything.clone()
        },
    ];
    let policy = Policy { id: "particular".into(), own: rules.len(), rules, ..scenario.policies[0].clone() };
    scenario.policies.push(policy);
    scenario
}

/// Counting talks whole is observing their events one by one, to the last digit: on days of one policy and of another, with
/// people who leave, over weak ties and midnights.
#[test]
fn counting_is_observing_event_by_event() {
    struct Both<'a> {
        exposure: Exposure<'a>,
        counting: bool,
    }
    struct OneCommunity<'c, 'a>(CommunityExposure<'c, 'a>, bool);
    struct Day<'d, 'a>(DayExposure<'d, 'a>);
    impl<'a> CommunitySink for Both<'a> {
        type Days<'c>
            = OneCommunity<'c, 'a>
        where
            Self: 'c;
        fn community<'c>(&'c mut self, community: &'c Community) -> OneCommunity<'c, 'a> {
            OneCommunity(self.exposure.community(community), self.counting)
        }
    }
    impl<'a> DaySink for OneCommunity<'_, 'a> {
        type Day<'d>
            = Day<'d, 'a>
        where
            Self: 'd;
        fn day(&mut self, day: u32) -> Day<'_, 'a> {
            Day(self.0.day(day, self.1))
        }
        fn end_day(day: Day<'_, 'a>) {
            day.0.end();
        }
        fn end(self) {
            self.0.end();
        }
    }
    impl Sink for Day<'_, '_> {
        fn batch(&mut self, _: &Community, _: u32, batch: &Batch) {
            self.0.observe(batch);
        }
        fn counts(&self, _: u32) -> bool {
            self.0.counts()
        }
        fn tally(&mut self, _: &Community, _: u32, tally: Tally<'_>) {
            self.0.tally(tally);
        }
    }
    let particular = particular();
    assert!(
        Simulation::new(&particular).compiled.classes.len() > 60
            && Simulation::new(&particular).compiled.actor_groups() > 1
    );
    for scenario in [cnil(3_000, 3, &SMALL), cnil(2_000, 1, &[]), leaving(1_500, 7, &[]), particular] {
        let run = Simulation::new(&scenario);
        let totals = [false, true].map(|counting| {
            let exposure = run.exposure();
            let mut both = Both { exposure, counting };
            run.replay(all(&run), 0..scenario.days, &mut both);
            both.exposure.into_totals()
        });
        assert!(totals[0].events() > 10_000);
        assert_eq!(totals[0].volume.by_kind, totals[1].volume.by_kind);
        assert_eq!(totals[0].volume, totals[1].volume);
        assert_eq!(totals[0].reach, totals[1].reach);
        assert_eq!(totals[0].exceedance, totals[1].exceedance);
    }
}

/// The record filter and the cells count the same, also where people leave and rules begin and end.
#[test]
fn the_filter_and_the_counters_agree() {
    struct Filtered<'a> {
        run: &'a Simulation,
        /// By period, then policy.
        filters: Vec<Vec<Filter>>,
        decisions: Vec<Decisions>,
    }
    impl Sink for Filtered<'_> {
        fn batch(&mut self, community: &Community, day: u32, batch: &Batch) {
            let Simulation { population, compiled, .. } = self.run;
            let class_on = |slot| compiled.merged[usize::from(community.class_on(&population.classes, slot, day))];
            let class: Vec<u16> = (0..community.slots() as u32).map(class_on).collect();
            for (filter, decisions) in self.filters[compiled.period_of(day)].iter().zip(&mut self.decisions) {
                filter.apply(batch, &class, decisions);
            }
        }
    }
    for (scenario, periods) in [(cnil(2_500, 3, &SMALL), 1), (leaving(1_500, 7, &[]), 3)] {
        let (run, outcome) = execute(&scenario, 2);
        let policies = || 0..scenario.policies.len();
        let filters = |period| policies().map(|p| Filter::new(&run.compiled, p, period)).collect();
        let mut sink = Filtered {
            run: &run,
            filters: (0..run.compiled.periods.len()).map(filters).collect(),
            decisions: vec![Decisions::default(); scenario.policies.len()],
        };
        assert_eq!(sink.filters.len(), periods);
        feed(&run, all(&run), 0..scenario.days, &mut sink);
        let rows = Tabulation::new(&scenario, &run.compiled, &outcome.totals).exposure();
        let figure = |policy: &str, metric: &str| {
            rows.iter()
                .find(|r| {
                    &*r.policy == policy
                        && &*r.metric == metric
                        && [&r.purpose, &r.jurisdiction, &r.population, &r.category].iter().all(|c| &***c == ALL)
                })
                .map(|r| r.value.as_f64() as u64)
        };
        for (policy, decisions) in scenario.policies.iter().zip(&sink.decisions) {
            assert_eq!(figure(&policy.id, "disclosed_values"), Some(decisions.values));
            assert_eq!(figure(&policy.id, "disclosed_events"), Some(decisions.events));
            assert!(decisions.values > 0);
        }
    }
}
