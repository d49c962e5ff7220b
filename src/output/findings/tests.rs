use super::*;
use crate::exposure::Replicates;
use crate::output::following::Measured;
use crate::output::lang::french;
use crate::scenario::{Overrides, load};
use crate::simulate::{Counters, Simulation};

#[test]
fn numbers_are_french_in_french() {
    let texts = ["84.6% (84.5 to 84.7%)", "1,234 (1,200 to 1,260)", "1.24\u{a0}bn", "a.b, c"].map(french);
    let expected = [
        "84,6\u{202f}% (84,5 à 84,7\u{202f}%)",
        "1\u{202f}234 (1\u{202f}200 à 1\u{202f}260)",
        "1,24\u{a0}Md",
        "a.b, c",
    ];
    assert_eq!(texts, expected);
}

fn of_run(replicates: u32, look: impl Fn(&[Finding], &Rows)) {
    let changes =
        Overrides { people: Some(4_000), days: Some(3), replicates: Some(replicates), ..Overrides::default() };
    let scenario = load("cnil-2017".as_ref(), &changes).expect("it ships").0;
    let mut run = Simulation::new(&scenario);
    let outcome = run.run_replicates(2, &Counters::default());
    let finish = Replicates::new(&scenario, (&run.compiled, &run.orders), &outcome.totals);
    let policies = 0..scenario.policies.len();
    let exposure: Vec<ExposureRow> = policies.clone().flat_map(|policy| finish.exposure_of(policy)).collect();
    let all = |row: &DifferenceRow| {
        [&row.of.purpose, &row.of.jurisdiction, &row.of.population, &row.of.category].iter().all(|of| &***of == "all")
    };
    let differences: Vec<DifferenceRow> =
        policies.flat_map(|policy| finish.differences_of(policy)).filter(all).collect();
    let none = Measured::default();
    let following = FollowingRow {
        policy_id: "full-sharing".into(),
        policy: "Full <sharing>".into(),
        facts: none,
        values_per_fact: Measured { value: 674.0, interval: Some((667.0, 682.0)) },
        by_others_alone: Measured { value: 0.115, interval: Some((-0.01, 0.2)) },
        objection_efficacy: Measured { value: 0.66, interval: Some((0.654, 0.666)) },
        objection_efficacy_of_facts: Measured { value: 0.387, interval: Some((0.385, 0.388)) },
        half_time: Measured { value: 1.0, interval: Some((1.0, 1.0)) },
    };
    let rows = Rows {
        scenario: &scenario,
        exposure: &exposure,
        differences: &differences,
        following: &[following],
        knowledge: &[],
        exceedance: &[],
        security: None,
    };
    look(&findings(&rows), &rows);
}

/// What is claimed stands in the tables, and only what its interval bears out.
#[test]
fn claims_are_those_of_the_tables() {
    of_run(4, |all, rows| {
        assert!(all.len() >= 5, "{all:?}");
        for of in all {
            for text in [&of.sentence.en, &of.sentence.fr] {
                assert!(!text.contains('{') && text.ends_with('.'), "{text}");
            }
            let strangers = [" to ", " the ", " people "];
            assert!(!strangers.iter().any(|word| of.sentence.fr.contains(word)), "{}", of.sentence.fr);
            assert!(!of.figures.is_empty() && !of.rests_on.is_empty() && (0.0..=1.0).contains(&of.rank), "{of:?}");
        }
        // The interval of what others told holds zero: nothing is claimed.
        assert!(all.iter().all(|of| !of.id.starts_with("others:")));
        let of = |id: &str| all.iter().find(|of| of.id == id).unwrap_or_else(|| panic!("there is no {id}: {all:?}"));
        let objection = of("objection:full-sharing");
        assert!(objection.sentence.en.contains("66% (65 to 67%)"), "{}", objection.sentence.en);
        assert_eq!(of("soon:full-sharing").evidence, Evidence::EveryWorld);
        let fewer = of("fewer:security-only");
        let row =
            rows.differences.iter().find(|r| &*r.of.policy == "security-only" && &*r.of.metric == "disclosed_values");
        assert_eq!(fewer.figures[0].value, -row.and_then(|row| row.percent).expect("there is one") / 100.0);
        // Security alone reaches as many people: that is a finding too.
        assert!(fewer.negative && fewer.sentence.en.contains("about as many people"), "{}", fewer.sentence.en);
        let kinds: Vec<&str> = all.iter().map(|of| of.id.split(':').next().unwrap_or_default()).collect();
        let shown = &kinds[..kinds.len().min(4)];
        assert!(shown.iter().all(|kind| shown.iter().filter(|other| *other == kind).count() == 1), "{kinds:?}");
    });
}

#[test]
fn one_world_says_so() {
    of_run(1, |all, _| {
        let of = all.iter().find(|of| of.id == "never-joined:full-sharing").expect("it is claimed");
        assert_eq!(of.evidence, Evidence::OneWorld);
        assert!(of.evidence_in_words.en.contains("no interval"));
    });
}

/// What findings are said to rest on stands in the scenario.
#[test]
fn what_findings_rest_on_is_there() {
    fn there(of: &toml::Value, path: &[&str]) -> bool {
        let Some((first, rest)) = path.split_first() else { return true };
        match of {
            toml::Value::Array(all) => all.iter().any(|one| there(one, if *first == "*" { rest } else { path })),
            toml::Value::Table(table) if *first == "*" => rest.is_empty() || table.values().any(|one| there(one, rest)),
            toml::Value::Table(table) => table.get(*first).is_some_and(|one| there(one, rest)),
            _ => false,
        }
    }
    of_run(2, |all, rows| {
        let resolved: toml::Value = toml::Value::Table(rows.scenario.resolved.parse().expect("TOML"));
        for of in all.iter().filter(|of| !of.id.starts_with("needed") && !of.id.starts_with("lift")) {
            for key in &of.rests_on {
                let path: Vec<&str> = key.split('.').collect();
                assert!(there(&resolved, &path), "{}: {key}", of.id);
            }
        }
    });
}
