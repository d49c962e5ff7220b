//! What the parent comes to know of a sample of communities: the same on any machine, asked for or not there, as closed forms have it.

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use common::{cnil, leaving};
use outflow::exposure::KnowledgeRow;
use outflow::scenario::Scenario;
use outflow::simulate::{Simulation, knowledge};
use serde_json::Value;

const METRICS: &str =
    "exposure.metrics=[\"informants\",\"graph\",\"linking\",\"singling_out\",\"leakage\",\"inference\",\"presence\"]";

fn outflow(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_outflow"));
    command.args(args).current_dir(folder).env("NO_COLOR", "1").output().expect("outflow runs")
}

fn fine(folder: &Path, args: &[&str]) {
    let output = outflow(folder, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn rows(scenario: &Scenario, threads: usize) -> Vec<KnowledgeRow> {
    knowledge(&Simulation::new(scenario), scenario.replicates, threads)
}

/// The figure of a row, by policy, purpose, population, metric and parameter.
fn figure(rows: &[KnowledgeRow], key: [&str; 5]) -> f64 {
    let found = rows.iter().find(|r| [&*r.policy, &*r.purpose, &*r.population, r.metric, &*r.parameter] == key);
    found.unwrap_or_else(|| panic!("there is no {key:?}")).value.as_f64()
}

/// A world of some communities, of which three are looked at.
const SMALL: [&str; 14] = [
    "cnil-2017",
    "--people",
    "1200",
    "--days",
    "2",
    "--replicates",
    "2",
    "--set",
    "world.community_size=150",
    "--set",
    "exposure.sample=3",
    "--set",
    METRICS,
    "--quiet",
];

fn manifest(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("manifest.json")).expect("a manifest")).expect("JSON")
}

#[test]
fn threads_and_shards_change_no_byte() {
    let home = tempfile::tempdir().expect("a folder");
    let here = home.path();
    for threads in ["1", "2", "7"] {
        fine(here, &[&["run"], &SMALL[..], &["--threads", threads, "--output", threads]].concat());
    }
    for shard in ["0", "1", "2"] {
        let part = format!("{shard}.arrow");
        fine(here, &[&["shard"], &SMALL[..], &["--shard", shard, "--of", "3", "--to", &part]].concat());
    }
    fine(here, &["merge", "2.arrow", "0.arrow", "1.arrow", "--to", "merged", "--quiet"]);
    let read = |folder: &str, table: &str| fs::read(here.join(folder).join("tables").join(table)).expect("a table");
    for table in ["knowledge.csv", "knowledge.parquet"] {
        let one = read("1", table);
        assert!(one.len() > 1000);
        for folder in ["2", "7", "merged"] {
            assert!(one == read(folder, table), "{folder}/{table}");
        }
    }
    let digests = ["1", "2", "7", "merged"].map(|folder| manifest(&here.join(folder))["results_digest"].clone());
    assert!(digests.iter().all(|digest| *digest == digests[0]), "{digests:?}");
    fine(here, &["verify", "7", "--quiet"]);
    // A figure that was changed is found, by its line.
    let csv = here.join("7/tables/knowledge.csv");
    let text = fs::read_to_string(&csv).expect("a table");
    fs::write(&csv, text.replacen(",people,", ",peoples,", 1)).expect("can write");
    assert_eq!(outflow(here, &["verify", "7", "--quick"]).status.code(), Some(1));
}

#[test]
fn who_does_not_ask_gets_what_there_was_before() {
    let home = tempfile::tempdir().expect("a folder");
    let here = home.path();
    let small = ["cnil-2017", "--people", "600", "--days", "1", "--replicates", "1", "--quiet"];
    let run = |name: &str, options: &[&str]| {
        fine(here, &[&["run"], &small[..], options, &["--output", name]].concat());
        let folder = here.join(name);
        (manifest(&folder)["results_digest"].clone(), folder.join("tables/knowledge.csv").exists())
    };
    let (before, there) = run("before", &[]);
    let (empty, empty_there) = run("empty", &["--set", "exposure.sample=2"]);
    let (asked, asked_there) = run("asked", &["--set", "exposure.metrics=[\"informants\"]"]);
    assert_eq!([there, empty_there, asked_there], [false, false, true]);
    assert_eq!(before, empty);
    assert_ne!(before, asked);
}

#[test]
fn what_is_asked_wrongly_is_refused() {
    let home = tempfile::tempdir().expect("a folder");
    for (set, said) in [
        ("exposure.metrics=[\"informant\"]", "did you mean \"informants\"?"),
        ("exposure.metric=[\"informants\"]", "did you mean `metrics`?"),
        ("exposure.quasi_identifiers=[\"os\",\"ages\"]", "age_band"),
        ("exposure.sample=0", "sample"),
        ("exposure.phone_numbers=0", "out of range"),
    ] {
        let output = outflow(home.path(), &["validate", "cnil-2017", "--set", set]);
        let text = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(2), "{set}: {text}");
        assert!(text.contains(said), "{set}: {text}");
    }
    let many = ["--set", METRICS, "--set", "exposure.sample=100000", "--people", "10bn", "--days", "1"];
    let output = outflow(home.path(), &[&["run", "cnil-2017"], &many[..]].concat());
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("of memory") && text.contains("help: ask less"), "{text}");
}

/// Equal policies tell the same; people who are told of are told by somebody; no more is seen than there is.
#[test]
fn figures_hang_together() {
    for mut scenario in [
        cnil(900, 3, &[METRICS, "exposure.sample=2", "world.community_size=300", "scenario.replicates=1"]),
        leaving(900, 4, &[METRICS, "exposure.sample=9"]),
    ] {
        let twin = outflow::scenario::Policy { id: "twin".into(), ..scenario.policies[0].clone() };
        scenario.policies.push(twin);
        let rows = rows(&scenario, 2);
        let of = |policy: &str| -> Vec<_> {
            let own = rows.iter().filter(|r| &*r.policy == policy);
            own.map(|r| (r.purpose.clone(), r.population.clone(), r.metric, r.parameter.clone(), r.value)).collect()
        };
        let first = scenario.policies[0].id.clone();
        assert!(!of(&first).is_empty());
        assert!(of(&first) == of("twin"));
        for row in &rows {
            let value = row.value.as_f64();
            assert!(value.is_finite(), "{row:?}");
            assert!(value >= 0.0 || matches!(row.unit, "residual" | "bits"), "{row:?}");
            assert!(row.unit != "share" || value <= 1.0, "{row:?}");
            assert!(row.unit != "residual" || value <= 1.5, "{row:?}");
        }
        let purposes: Vec<&str> = scenario.purposes.iter().map(|p| &*p.id).chain(["all"]).collect();
        for policy in &scenario.policies {
            for &purpose in &purposes {
                let get =
                    |population, metric, parameter| figure(&rows, [&policy.id, purpose, population, metric, parameter]);
                let parts: f64 = ["not_objecting", "objecting", "non_user"]
                    .iter()
                    .map(|who| get(who, "people_with_ties_seen", ""))
                    .sum();
                assert_eq!(parts, get("all", "people_with_ties_seen", ""));
                assert!(get("all", "ties_seen", "") <= get("all", "ties", ""));
                assert!(get("all", "linked_share", "bits=20") <= get("all", "linked_share", "bits=48"));
                assert!(get("all", "risk", "prosecutor") >= get("all", "risk", "journalist"));
                assert!(get("all", "risk", "journalist") >= get("all", "risk", "marketer"));
                assert!(get("all", "informants", "max") >= get("all", "informants", "p99"));
            }
        }
    }
}

/// Where each of those who could tell does so independently with a probability, the share of people told of is one less the generating function of their number.
#[test]
fn independent_choices_reach_as_many_as_the_generating_function_says() {
    let rate: f64 = 0.2;
    let mut set: Vec<String> = vec![
        "exposure.metrics=[\"informants\"]".into(),
        "exposure.sample=100".into(),
        "policy.opt-out.rule=[{ effect = \"permit\", choice = \"agrees\", choice_of = \"actor\" }]".into(),
        "policy.opt-out.test=[]".into(),
    ];
    set.extend(["household", "friends", "neighbourhood"].map(|circle| format!("likeness.attitude_{circle}=0")));
    for code in ["FR", "DE", "UK", "ES", "IT", "ROW"] {
        set.push(format!("jurisdiction.{code}.objects.security=0"));
        set.push(format!("jurisdiction.{code}.agrees.security={rate}"));
    }
    let set: Vec<&str> = set.iter().map(String::as_str).collect();
    let rows = rows(&cnil(6000, 1, &set), 2);
    let of = |policy: &'static str, metric: &str, parameter: &str| {
        figure(&rows, [policy, "security", "all", metric, parameter])
    };
    let people = of("full-sharing", "people", "");
    // People are known by ranges of the number of their informants: the sum lies between those at both ends.
    let (mut least, mut most) = (0.0, 0.0);
    for power in 0..20 {
        let (lo, hi) = (1u32 << power, (2u32 << power) - 1);
        let name = if lo == hi { lo.to_string() } else { format!("{lo}-{hi}") };
        let here = of("full-sharing", "people_by_informants", &name) / people;
        least += here * (1.0 - (1.0 - rate).powf(lo.into()));
        most += here * (1.0 - (1.0 - rate).powf(hi.into()));
    }
    let found = of("opt-out", "people_told_of", "");
    // Some four standard errors of people whose informants are partly the same.
    assert!(least - 0.02 < found && found < most + 0.02, "{least} {found} {most}");
    assert!(most - least < 0.2 && least > 0.3, "{least} {most}");
}

/// Contacts tell nothing about people who are not like them, and something about those who are: books are short here, so that those in them live near.
#[test]
fn without_likeness_contacts_tell_nothing() {
    let small = [
        "exposure.metrics=[\"inference\"]",
        "exposure.sample=100",
        "scenario.replicates=1",
        "world.address_book_max=8",
        "world.groups_per_user=0",
        "traffic.group_share=0",
        "traffic.contacts=3",
    ];
    let of_likeness = |age: &str| -> Vec<KnowledgeRow> {
        let age = format!("likeness.age_neighbourhood={age}");
        let others = ["age_household", "age_friends"].into_iter().chain([
            "parent_account_household",
            "parent_account_friends",
            "parent_account_neighbourhood",
        ]);
        let none: Vec<String> = others.map(|of| format!("likeness.{of}=0")).collect();
        let set: Vec<&str> = small.into_iter().chain(none.iter().map(String::as_str)).chain([&*age]).collect();
        rows(&cnil(6000, 1, &set), 2)
    };
    let (independent, alike) = (of_likeness("0"), of_likeness("0.95"));
    let of = |rows: &[KnowledgeRow], metric: &str, attribute: &str| {
        figure(rows, ["full-sharing", "all", "all", metric, attribute])
    };
    for attribute in ["age_band", "parent_account"] {
        assert!(of(&independent, "people_attacked", attribute) > 2000.0);
        let ends = ["residual_least", "residual_most"].map(|metric| of(&independent, metric, attribute));
        assert!(ends[0] < 0.0 && ends[1] > 0.0, "{attribute}: {ends:?}");
    }
    assert!(of(&alike, "residual_least", "age_band") > 0.1, "{}", of(&alike, "residual", "age_band"));
}

/// What contacts tell of users grows with the share of users who disclose, as shadow profiles have it (Garcia 2017), and is nothing where friends are not alike.
#[test]
fn the_more_disclose_the_more_contacts_tell() {
    let gained = |agrees: f64, alike: &str| -> f64 {
        let mut set: Vec<String> = vec![
            "exposure.metrics=[\"inference\"]".into(),
            "exposure.sample=100".into(),
            "scenario.replicates=1".into(),
            // Those in short books live near.
            "world.address_book_max=8".into(),
            "traffic.contacts=3".into(),
            "world.groups_per_user=0".into(),
            "traffic.group_share=0".into(),
            "likeness.attitude_household=0".into(),
            "likeness.attitude_friends=0".into(),
            "likeness.attitude_neighbourhood=0".into(),
            format!("likeness.age_neighbourhood={alike}"),
            "policy.opt-out.rule=[{ effect = \"permit\", choice = \"agrees\", choice_of = \"actor\" }]".into(),
            "policy.opt-out.test=[]".into(),
        ];
        set.extend(["household", "friends"].map(|circle| format!("likeness.age_{circle}=0")));
        for code in ["FR", "DE", "UK", "ES", "IT", "ROW"] {
            set.push(format!("jurisdiction.{code}.objects.security=0"));
            set.push(format!("jurisdiction.{code}.agrees.security={agrees}"));
        }
        let set: Vec<&str> = set.iter().map(String::as_str).collect();
        let rows = rows(&cnil(6000, 1, &set), 2);
        let of = |metric: &str| figure(&rows, ["opt-out", "security", "not_objecting", metric, "age_band"]);
        assert!(of("people_attacked") > 100.0, "{agrees}: {}", of("people_attacked"));
        of("gained_by_pattern") - of("gained_by_pattern_of_control")
    };
    let alike = [0.1, 0.4, 0.9].map(|agrees| gained(agrees, "0.95"));
    assert!(alike[0] > 0.0 && alike[0] < alike[1] && alike[1] < alike[2], "{alike:?}");
    let independent = gained(0.9, "0");
    assert!(independent.abs() < 0.1 * alike[2], "{independent} {alike:?}");
}

/// Clocks of eight kinds, normal: who sees days alone errs by the mean of their sizes, who sees times errs less, and nobody errs where all live by one clock.
#[test]
fn times_tell_whose_clock_is_late() {
    let of_spread = |hours: &str| {
        let spread = format!("traffic.own_clock_hours={hours}");
        let set =
            ["exposure.metrics=[\"presence\",\"linking\"]", "exposure.sample=100", "scenario.replicates=1", &spread];
        rows(&cnil(3000, 14, &set), 2)
    };
    let rows = of_spread("2");
    let of = |metric: &str, parameter: &str| figure(&rows, ["full-sharing", "all", "all", metric, parameter]);
    // Means of the sizes of the quantiles at 1/16, 3/16, ...: 1.5341, 0.8871, 0.4888, 0.1573.
    let blind = 2.0 * (1.5341 + 0.8871 + 0.4888 + 0.1573) / 4.0;
    let error = 2.0 * 0.52 / of("people_with_times", "").sqrt();
    for coarse in ["day", "week"] {
        assert!((of("clock_error", coarse) - blind).abs() < 4.0 * error, "{} {blind}", of("clock_error", coarse));
        assert_eq!(of("times_seen", coarse), 0.0);
    }
    for fine in ["exact", "hour", "as_let_out"] {
        assert!(of("clock_error", fine) < 0.9 * blind, "{fine}: {} {blind}", of("clock_error", fine));
        assert!(of("clock_entropy", fine) < of("clock_entropy", "day"), "{fine}");
    }
    // Hours are half as many as half hours at least, and as many at most.
    assert!(
        of("times_seen", "hour") <= of("times_seen", "exact")
            && 2.0 * of("times_seen", "hour") >= of("times_seen", "exact")
    );
    // Two weeks from a Monday, over the end of November: most people are told of on most days.
    let followed = ["stable", "month", "week", "day"].map(|key| of("followed_days", &format!("key={key}")));
    assert!(followed[0] > 13.0 && followed[0] <= 14.0 && followed[1] <= 10.0 && followed[2] <= 7.0, "{followed:?}");
    assert!(followed[1] > 9.0 && followed[2] > 6.0 && followed[3] == 1.0, "{followed:?}");
    let one = of_spread("0");
    assert_eq!(figure(&one, ["full-sharing", "all", "all", "clock_error", "exact"]), 0.0);
}

/// The chart has what a hash of 39 bits leaves of those whom a number links, in closed form, and its picture; without the question there is none.
#[test]
fn the_chart_of_hashes_has_the_closed_form() {
    let home = tempfile::tempdir().expect("a folder");
    let here = home.path();
    let small = ["--people", "800", "--days", "1", "--replicates", "1", "--quiet"];
    fine(here, &[&["run", "lossy-hash", "--output", "asked"], &small[..]].concat());
    fine(here, &[&["run", "cnil-2017", "--output", "not"], &small[..]].concat());
    assert!(!here.join("not/charts/linking.svg").exists() && here.join("asked/charts/linking.png").exists());
    let csv = fs::read_to_string(here.join("asked/charts/linking.csv")).expect("its data");
    let share = |bits: &str| -> f64 {
        let row = csv.lines().find(|line| line.starts_with(&format!("as-it-is,computed,{bits},"))).expect("a row");
        row.split(',').nth(3).and_then(|share| share.parse().ok()).expect("a share")
    };
    // Of 2^48 values hardly two numbers share one: (1 - e^-x) / x is 1 - x / 2 there.
    let exact = share("48") / (1.0 - 8.0e9 / 2f64.powi(49));
    let lambda = 8.0e9 / 2f64.powi(39);
    assert!(exact > 0.0 && (share("39") / exact - (1.0 - (-lambda).exp()) / lambda).abs() < 1e-6);
    let linked = fs::read_to_string(here.join("asked/tables/knowledge.csv")).expect("the table");
    let as_let_out = |policy: &str| -> f64 {
        let start = format!("{policy},all,all,linkability,linking,linked_share,as_let_out,");
        let row = linked.lines().find(|line| line.starts_with(&start)).expect("a row");
        row[start.len()..].split(',').find_map(|cell| cell.parse().ok()).expect("a share")
    };
    // Sixteen numbers to a value leave one in fifteen; nobody is linked under a key.
    assert!((as_let_out("hash-29") / as_let_out("as-it-is") - 0.0671).abs() < 1e-3);
    assert_eq!(as_let_out("keyed"), 0.0);
}
