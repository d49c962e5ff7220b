//! What purposes achieve, by models: as closed forms have it, the same on any machine, asked for or not there.

mod common;

use std::fs;
use std::process::Command;

use outflow::scenario::{Overrides, Scenario, load};
use outflow::simulate::Simulation;
use outflow::utility::{UtilityRow, utility, utility_rows};

fn designs(people: u64, replicates: u32, set: &[&str]) -> Scenario {
    let set = set.iter().map(|s| (*s).to_owned()).collect();
    let changes = Overrides { people: Some(people), replicates: Some(replicates), set, ..Overrides::default() };
    load("bi-designs".as_ref(), &changes).expect("it ships").0
}

fn rows(scenario: &Scenario, threads: usize) -> Vec<UtilityRow> {
    utility(&Simulation::new(scenario), scenario.replicates, threads)
}

/// The figure of a row, by policy, indicator, metric and parameter.
fn figure(rows: &[UtilityRow], key: [&str; 4]) -> f64 {
    let found = rows.iter().find(|r| [&*r.policy, &*r.indicator, r.metric, &*r.parameter] == key);
    found.unwrap_or_else(|| panic!("there is no {key:?}")).value.as_f64()
}

#[test]
fn threads_change_nothing_and_all_rows_are_there() {
    let scenario = designs(6_000, 2, &["world.community_size=500"]);
    let one = rows(&scenario, 1);
    assert_eq!(one.len() as u64, utility_rows(&scenario));
    assert!(one == rows(&scenario, 2) && one == rows(&scenario, 7));
    let mut keys: Vec<_> = one.iter().map(|r| (&r.policy, &r.indicator, r.metric, &r.parameter)).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), one.len());
    for row in &one {
        let value = row.value.as_f64();
        assert!(
            value.is_finite()
                && (value >= 0.0 || row.metric.ends_with("_difference"))
                && (row.unit != "share" || value <= 1.0),
            "{row:?}"
        );
    }
}

/// Accounts that are matched one by one tell the truth, under a key as by number; nothing tells nothing.
#[test]
fn matching_everybody_is_exact_and_nothing_is_nothing() {
    let scenario = designs(40_000, 1, &[]);
    let rows = rows(&scenario, 2);
    for indicator in ["users_of_both", "users_of_family", "activity_of_both"] {
        for policy in ["identified", "keyed"] {
            assert_eq!(figure(&rows, [policy, indicator, "error", "linked"]), 0.0);
            assert_eq!(figure(&rows, [policy, indicator, "usefulness", "linked"]), 1.0);
        }
        for how in ["linked", "sketch_bits=12", "epsilon=1"] {
            assert_eq!(figure(&rows, ["nothing", indicator, "error", how]), 1.0);
        }
        // Who is only counted is not matched.
        assert_eq!(figure(&rows, ["counts", indicator, "error", "linked"]), 1.0);
    }
    let users: Vec<f64> = ["identified", "keyed", "counts", "opt-in", "opt-out", "nothing"]
        .iter()
        .map(|policy| {
            let of = |metric| figure(&rows, [policy, "all", metric, ""]);
            of("users_identified") + of("users_pseudonymous") + of("users_counted") + of("users_kept")
        })
        .collect();
    assert!(users.iter().all(|n| *n == users[0] && *n > 5000.0), "{users:?}");
    let kept = |policy| figure(&rows, [policy, "all", "users_kept", ""]);
    assert_eq!(kept("identified"), 0.0);
    assert_eq!(figure(&rows, ["keyed", "all", "users_pseudonymous", ""]), users[0]);
    assert_eq!(figure(&rows, ["counts", "all", "users_counted", ""]), users[0]);
    assert!((kept("opt-in") / users[0] - 0.85).abs() < 0.03, "{}", kept("opt-in"));
    assert!(kept("opt-out") > 0.0 && kept("opt-out") < 0.5 * users[0]);
}

/// Errors are of the size that the formulas give: of sketches by registers, of noise by epsilon, of a sample by its size.
#[test]
fn errors_are_those_of_the_formulas() {
    let replicates = 40;
    let likeness = ["age", "parent_account", "attitude"]
        .iter()
        .flat_map(|of| ["household", "friends", "neighbourhood"].map(|circle| format!("likeness.{of}_{circle}=0")));
    let mut set: Vec<String> = likeness.collect();
    set.push("utility.business_intelligence.sketch_bits=[8]".into());
    set.push("utility.business_intelligence.epsilon=[0.01]".into());
    let set: Vec<&str> = set.iter().map(String::as_str).collect();
    let scenario = designs(20_000, replicates, &set);
    let rows = rows(&scenario, 2);
    let of = |policy, indicator, metric, how| figure(&rows, [policy, indicator, metric, how]);
    let (both, family) = (of("counts", "users_of_both", "truth", ""), of("counts", "users_of_family", "truth", ""));
    // Of a normal error the mean size is 0.8 of its deviation; that of Laplace's is its scale. Means of forty: four standard errors of at most 0.76, and of 1, of themselves.
    let near = |found: f64, expected: f64, what: &str| {
        let tolerance = 4.0 / f64::from(replicates).sqrt();
        assert!((found / expected - 1.0).abs() < tolerance, "{what}: {found}, by the formula {expected}");
    };
    let size = (2.0 / std::f64::consts::PI).sqrt();
    let sketch = size * 1.04 / 16.0;
    near(of("counts", "users_of_family", "error", "sketch_bits=8"), sketch, "family by a sketch");
    // Where the overlap would be less than nothing, or more than all, the error is cut off.
    let of_overlap = of("counts", "users_of_both", "error", "sketch_bits=8");
    assert!(of_overlap < 1.5 * sketch * family / both && of_overlap > 0.4 * sketch * family / both, "{of_overlap}");
    near(of("counts", "users_of_both", "error", "epsilon=0.01"), 100.0 / both, "overlap with noise");
    let agreeing = of("opt-in", "all", "users_identified", "");
    let users = agreeing + of("opt-in", "all", "users_kept", "");
    let p = both / users;
    let of_sample = size * ((1.0 - p) / (p * agreeing) * (1.0 - agreeing / users)).sqrt();
    near(of("opt-in", "users_of_both", "error", "linked"), of_sample, "overlap of a sample");
}

#[test]
fn who_does_not_ask_has_no_table_and_what_is_asked_wrongly_is_refused() {
    let home = tempfile::tempdir().expect("a folder");
    let outflow = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_outflow"));
        command.args(args).current_dir(home.path()).env("NO_COLOR", "1").output().expect("outflow runs")
    };
    let small = ["--people", "500", "--days", "1", "--replicates", "2", "--quiet"];
    for (scenario, there) in [("cnil-2017", false), ("bi-designs", true)] {
        let output = outflow(&[&["run", scenario, "--output", scenario], &small[..]].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let table = home.path().join(scenario).join("tables/utility.csv");
        assert_eq!(table.exists(), there);
        if there {
            let text = fs::read_to_string(table).expect("a table");
            let head = "policy,purpose,model,indicator,metric,parameter,split,value,lo,hi,replicates,unit,scenario,run";
            assert_eq!(text.lines().next(), Some(head));
        }
    }
    let verified = outflow(&["verify", "bi-designs", "--quiet"]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    for (set, said) in [
        ("utility.business_intelligence.purpose=\"busines_intelligence\"", "did you mean `business_intelligence`?"),
        ("utility.business_intelligence.identifiers=[\"phone\"]", "category `phone`"),
        ("utility.business_intelligence.identifiers=[]", "nobody can be told by nothing"),
        ("utility.business_intelligence.sketch_bits=[3]", "out of range"),
        ("utility.business_intelligence.epsilon=[0.1, 0]", "out of range"),
        ("utility.business_intelligence.epsilon=[0.1, 0.1]", "stands twice"),
        ("utility.business_intelligence.tolerance.value=0", "out of range"),
        (
            "utility.business_intelligence.tolerances.users_of_bot={value=0.1,source=\"a\",quality=\"assumed\"}",
            "users_of_both",
        ),
    ] {
        let output = outflow(&["validate", "bi-designs", "--set", set]);
        let text = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(2), "{set}: {text}");
        assert!(text.contains(said), "{set}: {text}");
    }
}
