//! Golden figures of a small world. They change only when the model changes, and the CHANGELOG says so.

mod common;

use common::{cnil, digest, execute};
use outflow::exposure::{ALL, Tabulation};

#[test]
fn figures_of_a_small_world() {
    let scenario = cnil(2_000, 5, &[]);
    let (run, outcome) = execute(&scenario, 2);
    let rows = Tabulation::new(&scenario, &run.compiled, &outcome.totals).exposure();
    let figure = |policy: &str, purpose: &str, population: &str, metric: &str| {
        rows.iter()
            .find(|r| {
                (&*r.policy, &*r.purpose, &*r.population, &*r.metric) == (policy, purpose, population, metric)
                    && &*r.jurisdiction == ALL
                    && &*r.category == ALL
            })
            .map(|r| r.value.as_f64() as u64)
    };
    let (ads, security) = ("targeted_advertising", "security");
    let got = [
        Some(outcome.totals.events()),
        figure("full-sharing", ads, ALL, "disclosed_values"),
        figure("full-sharing", ads, "non_user", "people_exposed"),
        figure("opt-out", ads, "opted_out", "people_exposed"),
        figure("opt-out", ads, "agreed", "disclosed_values"),
        figure("security-only", security, ALL, "disclosed_bytes"),
    ];
    assert_eq!(got, GOLDEN.map(Some));
    assert_eq!(digest(&scenario, &run, &outcome), DIGEST);
}

const GOLDEN: [u64; 6] = [142_965, 1_487_171, 887, 0, 987_068, 7_094_092];
const DIGEST: &str = "d7a59c0a00064a5277d829b7bc25bb24f7dc4f5c827b06dba4f6ce35eea2631e";
