//! Rows of `tables/utility` about security: by policy, and by subset of what is told.

use super::account_counts::{AccountCounts, reachable};
use super::detector::{Detector, Told};
use super::necessity::{Necessity, smallest};
use super::parent_knowledge::{Form, ParentKnowledge};
use super::variation::{ASSUMPTIONS, drawn};
use crate::exposure::{ALL, FigureValue};
use crate::random::PhiloxRng;
use crate::scenario::{Scenario, Security};
use crate::simulate::Simulation;
use crate::utility::let_out::{LetOut, by_class};
use crate::utility::pareto::on_front;
use crate::utility::table::{RowsOf, UtilityRow};

/// Words of the models.
pub const MODEL: &str = "security";
/// See [`MODEL`].
pub const NECESSITY: &str = "necessity";
/// Share of the full recall that a smallest subset has to keep.
const ENOUGH: f64 = 0.95;
/// Draws of what is assumed of the parent's knowledge.
const DRAWS: u64 = 64;

/// What a policy tells the parent, and how well it does by it.
struct OfPolicy {
    told: Told,
    /// Mean number of categories that are let out about a user.
    categories: f64,
    /// Share of users about whom any is.
    users: f64,
    /// Share of users whose account with the parent is found.
    linked: f64,
    recall: f64,
}

/// What each policy tells, by merged class, of the categories of the model.
fn told_of(world: &Simulation, asked: &Security, parent: &ParentKnowledge, policy: usize) -> Told {
    let mut masks = vec![0u32; world.compiled.classes.len()];
    for of in &parent.categories {
        let let_out = by_class(&world.compiled, (policy, asked.purpose), 1 << of.category);
        for (mask, let_out) in masks.iter_mut().zip(let_out) {
            *mask |= u32::from(let_out <= LetOut::Pseudonymous) << of.category;
        }
    }
    Told::ByClass(masks.into_iter().map(|mask| parent.subset(mask)).collect())
}

/// Rows of a world, and what share of the recall if all were told each policy keeps. `draws` begins a generator for what is assumed.
pub fn security_rows(
    world: &Simulation,
    asked: &Security,
    counts: &AccountCounts,
    draws: &dyn Fn(u64) -> PhiloxRng,
) -> (Vec<UtilityRow>, Vec<f64>) {
    let parent = ParentKnowledge::new(asked);
    let policies = of_policies(world, asked, counts, &parent);
    let mut rows = Vec::new();
    let fronts = fronts(counts, asked, &parent, &policies, draws);
    for (number, (policy, of)) in world.scenario.policies.iter().zip(&policies).enumerate() {
        let mut to = RowsOf::new(&mut rows, &policy.id, &world.scenario.purposes[asked.purpose].id, MODEL);
        let share = |x| (FigureValue::Ratio(x), "share");
        to.add(ALL, "users_told", "", share(of.users));
        to.add(ALL, "users_linked", "", share(of.linked));
        to.add(ALL, "categories_per_user", "", (FigureValue::Ratio(of.categories), "categories"));
        policy_rows(&world.scenario, asked, counts, &parent, of, &mut to);
        to.add(ALL, "on_front", "", share(f64::from(u8::from(fronts.central[number]))));
        to.add(ALL, "on_front", "assumptions_drawn", share(fronts.drawn[number]));
    }
    necessity_rows(&world.scenario, asked, counts, &parent, &mut rows);
    let full = recall_if_all_is_told(counts, asked, &parent);
    let kept = policies.iter().map(|of| if full > 0.0 { of.recall / full } else { 0.0 }).collect();
    (rows, kept)
}

fn recall_if_all_is_told(counts: &AccountCounts, asked: &Security, parent: &ParentKnowledge) -> f64 {
    let all = (1u32 << parent.categories.len()) - 1;
    let scores = Detector { counts, parent, form: Form::Exact }.scores(&Told::Everybody(all));
    scores.recall(scores.all().cut(asked.false_bans), None)
}

fn of_policies(
    world: &Simulation,
    asked: &Security,
    counts: &AccountCounts,
    parent: &ParentKnowledge,
) -> Vec<OfPolicy> {
    let detector = Detector { counts, parent, form: Form::Exact };
    let users: u64 = counts.classes().map(|class| counts.accounts(class)).sum();
    let of_policy = |policy| {
        let told = told_of(world, asked, parent, policy);
        let (mut sums, mut linked) = ((0u64, 0u64), 0.0);
        if let Told::ByClass(subsets) = &told {
            for class in counts.classes() {
                let (subset, accounts) = (subsets[usize::from(class)], counts.accounts(class));
                sums.0 += accounts * u64::from(subset.count_ones());
                sums.1 += if subset == 0 { 0 } else { accounts };
                linked += counts.known(class) as f64 * parent.found(subset);
            }
        }
        let scores = detector.scores(&told);
        let recall = scores.recall(scores.all().cut(asked.false_bans), None);
        let per_user = |sum: u64| if users == 0 { 0.0 } else { sum as f64 / users as f64 };
        let linked = if users == 0 { 0.0 } else { linked / users as f64 };
        OfPolicy { told, categories: per_user(sums.0), users: per_user(sums.1), linked, recall }
    };
    (0..world.compiled.policies).map(of_policy).collect()
}

fn policy_rows(
    scenario: &Scenario,
    asked: &Security,
    counts: &AccountCounts,
    parent: &ParentKnowledge,
    of: &OfPolicy,
    to: &mut RowsOf<'_>,
) {
    let share = |x| (FigureValue::Ratio(x), "share");
    let detector = Detector { counts, parent, form: Form::Exact };
    let scores = detector.scores(&of.told);
    let all = scores.all();
    let cut = all.cut(asked.false_bans);
    let at = |rate: f64| format!("false_bans={rate}");
    for &rate in &asked.curve {
        to.add(ALL, "recall", &at(rate), share(scores.recall(all.cut(rate), None)));
    }
    to.add(ALL, "average_precision", "", share(all.average_precision()));
    let by_day: Vec<_> = (0..counts.days).map(|day| detector.until(&of.told, day)).collect();
    let classes = scenario.file.abuse_classes.iter().map(|class| class.id.as_str());
    for (kind, indicator) in std::iter::once((None, ALL)).chain((1..).map(Some).zip(classes)) {
        if kind.is_some() {
            to.add(indicator, "recall", &at(asked.false_bans), share(scores.recall(cut, kind)));
        }
        // Mean over those who are found, who are found on the first day or later: as many days as they are not found yet, and one.
        let found: Vec<f64> = by_day.iter().map(|scores| scores.recall(cut, kind)).collect();
        let last = found.last().copied().unwrap_or(0.0);
        let waiting: f64 = found.iter().map(|found| last - found).sum();
        let days = if last > 0.0 { 1.0 + waiting / last } else { 0.0 };
        to.add(indicator, "days_to_detection", "", (FigureValue::Ratio(days), "days"));
        for (lift, without) in [("as_assumed", false), ("none", true)] {
            let weaker = parent.with_lift(0.0);
            let parent = if without { &weaker } else { parent };
            let detector = Detector { parent, ..detector };
            let recall = |told: &Told| {
                let scores = detector.scores(told);
                scores.recall(scores.all().cut(asked.false_bans), kind)
            };
            let gain = recall(&of.told) - recall(&Told::Everybody(0));
            to.add(indicator, "gain", &format!("lift={lift}"), share(gain));
        }
    }
    for (name, form) in Form::ALL {
        let scores = Detector { form, ..detector }.scores(&of.told);
        let recall = scores.recall(scores.all().cut(asked.false_bans), None);
        to.add(ALL, "recall", &format!("form={name}"), share(recall));
    }
}

/// Which policies no other one beats: as assumed, and in what share of draws of the assumptions.
struct Fronts {
    central: Vec<bool>,
    drawn: Vec<f64>,
}

fn fronts(
    counts: &AccountCounts,
    asked: &Security,
    parent: &ParentKnowledge,
    policies: &[OfPolicy],
    draws: &dyn Fn(u64) -> PhiloxRng,
) -> Fronts {
    let points = |recall: &dyn Fn(&OfPolicy) -> f64| -> Vec<(f64, f64)> {
        policies.iter().map(|of| (of.categories, recall(of))).collect()
    };
    let mut drawn_on = vec![0.0; policies.len()];
    for draw in 0..DRAWS {
        let parent = drawn(parent, &mut draws(draw));
        let detector = Detector { counts, parent: &parent, form: Form::Exact };
        let recall = |of: &OfPolicy| {
            let scores = detector.scores(&of.told);
            scores.recall(scores.all().cut(asked.false_bans), None)
        };
        for (sum, on) in drawn_on.iter_mut().zip(on_front(&points(&recall))) {
            *sum += f64::from(u8::from(on)) / DRAWS as f64;
        }
    }
    Fronts { central: on_front(&points(&|of| of.recall)), drawn: drawn_on }
}

/// Rows about subsets of the categories, whatever the policies are.
fn necessity_rows(
    scenario: &Scenario,
    asked: &Security,
    counts: &AccountCounts,
    parent: &ParentKnowledge,
    rows: &mut Vec<UtilityRow>,
) {
    let mut to = RowsOf::new(rows, &ALL.into(), &scenario.purposes[asked.purpose].id, NECESSITY);
    let share = |x| (FigureValue::Ratio(x), "share");
    let necessity = Necessity::new(counts, parent, asked.false_bans);
    let (none, full) = (necessity.none(), necessity.full());
    let users: u64 = counts.classes().map(|class| counts.accounts(class)).sum();
    let known: u64 = counts.classes().map(|class| counts.known(class)).sum();
    let known = if users == 0 { 0.0 } else { known as f64 / users as f64 };
    for (subset, &recall) in (0u32..).zip(&necessity.recall) {
        let words = words(scenario, parent, subset);
        to.add(&words, "recall", "subset", share(recall));
        to.add(&words, "users_linked", "subset", share(known * parent.found(subset)));
        to.add(&words, "kept", "subset", share(if full > 0.0 { recall / full } else { 0.0 }));
    }
    let enough = [("of_recall", ENOUGH * full), ("of_gain", none + ENOUGH * (full - none))];
    for (of, least) in enough {
        let least = smallest(&necessity.recall, least).unwrap_or(0);
        let n = FigureValue::Count(least.count_ones().into());
        to.add(ALL, "smallest_subset", &format!("{of}={ENOUGH}"), (n, "categories"));
    }
    for (of, value) in parent.categories.iter().zip(necessity.shapley()) {
        to.add(&scenario.categories[of.category].id, "shapley_value", "", share(value));
    }
    // What the claim rests on: how much recall all categories add, one assumption at a time at either end of its range.
    for assumption in ASSUMPTIONS {
        for (end, factor) in [("low", assumption.range.0), ("high", assumption.range.1)] {
            let varied = assumption.with(parent, factor);
            let detector = Detector { counts, parent: &varied, form: Form::Exact };
            let recall = |subset| {
                let scores = detector.scores(&Told::Everybody(subset));
                scores.recall(scores.all().cut(asked.false_bans), None)
            };
            let all = (1u32 << parent.categories.len()) - 1;
            to.add(assumption.name, "gain", end, share(recall(all) - recall(0)));
        }
    }
    signal_rows(scenario, asked, counts, &mut to);
}

/// How many accounts reach each step of each signal on some day, by kind of account.
fn signal_rows(scenario: &Scenario, asked: &Security, counts: &AccountCounts, to: &mut RowsOf<'_>) {
    let steps = asked
        .signals
        .iter()
        .flat_map(|(name, steps)| steps.iter().map(move |(from, _)| (name.word().to_owned(), format!("from={from}"))));
    let links = asked.links.iter().map(|link| (link.name.clone(), "linked".to_owned()));
    let all = steps.chain(links).chain([("new_account".to_owned(), "new".to_owned())]);
    let kinds = std::iter::once("ordinary").chain(scenario.file.abuse_classes.iter().map(|class| class.id.as_str()));
    let kinds: Vec<&str> = kinds.collect();
    for (i, (name, step)) in all.enumerate() {
        for (kind, word) in kinds.iter().enumerate() {
            let n = FigureValue::Count(counts.reached[i * counts.kinds + kind]);
            to.add(&name, "accounts", &format!("{step},{word}"), (n, "accounts"));
        }
    }
}

/// Categories of a subset, as words.
fn words(scenario: &Scenario, parent: &ParentKnowledge, subset: u32) -> String {
    let ids = parent.categories.iter().enumerate().filter(|(i, _)| subset >> i & 1 == 1);
    let ids: Vec<&str> = ids.map(|(_, of)| &*scenario.categories[of.category].id).collect();
    if ids.is_empty() { "nothing".into() } else { ids.join("+") }
}

/// How many rows there are.
pub fn security_row_count(scenario: &Scenario, asked: &Security) -> u64 {
    let kinds = scenario.file.abuse_classes.len() + 1;
    let by_policy = 3 + asked.curve.len() + 1 + (kinds - 1) + 3 * kinds + Form::ALL.len() + 2;
    let necessity = 3 * (1 << asked.categories.len()) + 2 + asked.categories.len() + 2 * ASSUMPTIONS.len();
    (scenario.policies.len() * by_policy + necessity + kinds * reachable(asked)) as u64
}
