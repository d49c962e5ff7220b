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

const GOLDEN: [u64; 6] = [166_569, 1_648_272, 860, 0, 1_028_452, 7_904_960];
const DIGEST: &str = "df24f227b16d49a33630e02bd3a3b8d366ceaf5ff72eab7b660b566e047aa697";
