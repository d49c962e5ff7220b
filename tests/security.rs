//! How well abusive accounts are found, by the model of security: as closed forms have it, the same on any machine, and what abuse does to the calibration of traffic.

mod common;

use common::execute;
use outflow::scenario::{Overrides, Scenario, load};
use outflow::simulate::Simulation;
use outflow::utility::{UtilityRow, security_found, utility, utility_rows};

fn necessity(people: u64, replicates: u32, share: &str, set: &[&str]) -> Scenario {
    let set = abuse(share).into_iter().chain(set.iter().map(|s| (*s).to_owned())).collect();
    let changes =
        Overrides { people: Some(people), days: Some(2), replicates: Some(replicates), set, ..Overrides::default() };
    load("necessity".as_ref(), &changes).expect("it ships").0
}

/// Options that give each abuse class this share of users.
fn abuse(share: &str) -> Vec<String> {
    ABUSIVE.iter().map(|class| format!("abuse_class.{class}.share={share}")).collect()
}

fn rows(scenario: &Scenario, threads: usize) -> Vec<UtilityRow> {
    utility(&Simulation::new(scenario), scenario.replicates, threads)
}

/// The figure of a row, by model, policy, indicator, metric and parameter.
fn figure(rows: &[UtilityRow], key: [&str; 5]) -> f64 {
    let found = rows.iter().find(|r| [r.model, &*r.policy, &*r.indicator, r.metric, &*r.parameter] == key);
    found.unwrap_or_else(|| panic!("there is no {key:?}")).value.as_f64()
}

const ABUSIVE: [&str; 4] = ["bulk_sender", "group_spammer", "clone_farm", "slow_scammer"];

#[test]
fn threads_change_nothing_and_all_rows_are_there() {
    let scenario = necessity(6_000, 2, "0.02", &["world.community_size=500"]);
    let one = rows(&scenario, 1);
    assert_eq!(one.len() as u64, utility_rows(&scenario));
    assert!(one == rows(&scenario, 2) && one == rows(&scenario, 7));
    let key =
        |r: &UtilityRow| format!("{} {} {} {} {} {}", r.policy, r.purpose, r.model, r.indicator, r.metric, r.parameter);
    let mut keys: Vec<String> = one.iter().map(key).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), one.len());
    for row in &one {
        let value = row.value.as_f64();
        assert!(value.is_finite() && (row.unit != "share" || (-1.0..=1.0 + 1e-9).contains(&value)), "{row:?}");
    }
}

/// Without a signal a detector finds as large a share of the abusive as of the ordinary.
#[test]
fn without_signals_recall_is_the_share_of_false_bans() {
    let mut scenario = necessity(20_000, 1, "0.02", &[]);
    let asked = scenario.utility.as_mut().and_then(|utility| utility.security.as_mut()).expect("it is asked");
    asked.signals.clear();
    asked.links.clear();
    asked.new_account_points = 0;
    asked.standing.lift = 0.0;
    let curve = asked.curve.clone();
    let rows = rows(&scenario, 2);
    for policy in ["everything", "two-identifiers", "nothing"] {
        for rate in &curve {
            let recall = figure(&rows, ["security", policy, "all", "recall", &format!("false_bans={rate}")]);
            // Whether the parent knows somebody is drawn, apart from abuse.
            let off = if policy == "nothing" { 1e-12 } else { 0.1 * rate };
            assert!((recall - rate).abs() < off, "{policy}, {rate}: {recall}");
        }
        for class in ABUSIVE {
            let recall = figure(&rows, ["security", policy, class, "recall", "false_bans=0.0001"]);
            let off = if policy == "nothing" { 1e-12 } else { 3e-5 };
            assert!((recall - 1e-4).abs() < off, "{policy}, {class}: {recall}");
        }
    }
    assert!(rows.iter().filter(|row| row.metric == "shapley_value").all(|row| row.value.as_f64().abs() < 1e-4));
}

#[test]
fn equal_policies_differ_by_nothing_and_parts_sum_to_the_whole() {
    let scenario = necessity(60_000, 1, "0.01", &[]);
    let rows = rows(&scenario, 2);
    // For security both let out the same.
    let of = |policy: &str| -> Vec<(String, f64)> {
        let of_policy = rows.iter().filter(|row| row.model == "security" && *row.policy == *policy);
        of_policy
            .map(|row| (format!("{} {} {}", row.indicator, row.metric, row.parameter), row.value.as_f64()))
            .collect()
    };
    assert_eq!(of("everything"), of("security-only"));
    for class in ABUSIVE.iter().chain(&["all"]) {
        for lift in ["as_assumed", "none"] {
            assert_eq!(figure(&rows, ["security", "nothing", class, "gain", &format!("lift={lift}")]), 0.0);
        }
    }
    let at = |policy: &str, form: &str| figure(&rows, ["security", policy, "all", "recall", &format!("form={form}")]);
    // Hashed and keyed identifiers find as many accounts, rotated keys fewer, counts none.
    assert_eq!(at("everything", "exact"), at("everything", "hashed"));
    assert_eq!(at("everything", "exact"), at("everything", "keyed"));
    assert!(at("everything", "exact") > at("everything", "rotated_weekly"));
    assert_eq!(at("everything", "counted"), at("nothing", "exact"));
    let found = security_found(&rows, 1e-4).expect("it is asked");
    let shapley: f64 = rows.iter().filter(|row| row.metric == "shapley_value").map(|row| row.value.as_f64()).sum();
    assert!((shapley - (found.full.value - found.alone.value)).abs() < 1e-9);
    assert!(found.full.value > found.alone.value + 0.03, "{found:?}");
    assert_eq!((found.categories, found.policies.len()), (12, 6));
    let smallest = found.smallest_of_gain.expect("all of them keep all");
    assert!(smallest.categories.len() < 6 && smallest.kept.value > 0.95, "{smallest:?}");
    // What is told of nobody is worth nothing, and an indicator that nobody estimates is lost.
    let kept = |policy: &str, purpose: &str| {
        let row = rows.iter().find(|r| {
            r.model == "proportionality" && *r.policy == *policy && *r.purpose == *purpose && r.metric == "kept"
        });
        row.map_or(f64::NAN, |row| row.value.as_f64())
    };
    assert_eq!(kept("security-only", "business_intelligence"), 0.0);
    assert_eq!(kept("security-only", "targeted_advertising"), 0.0);
    assert_eq!(kept("everything", "targeted_advertising"), 1.0);
    assert!(kept("security-only", "security") > kept("nothing", "security"));
}

/// What abusive accounts do is part of the traffic, which in all stays what the scenario says.
#[test]
fn abuse_keeps_the_calibration() {
    let share = |share: &str| {
        let set = abuse(share);
        let set: Vec<&str> = set.iter().map(String::as_str).collect();
        let scenario = common::cnil(60_000, 7, &set);
        let (_, outcome) = execute(&scenario, 2);
        outcome.totals.events() as f64
    };
    // A twentieth of all accounts, fifteen times as many as it ships with.
    let (none, much) = (share("0"), share("0.0125"));
    assert!((much / none - 1.0).abs() < 0.012, "{none} events without abuse, {much} with it");
    assert_ne!(none, much);
}
