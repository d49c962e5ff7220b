//! Golden figures of a small world. They change only when the model changes, and the CHANGELOG says so.

mod common;

use common::{cnil, digest, execute};
use outflow::exposure::{ALL, Finish};

#[test]
fn figures_of_a_small_world() {
    let scenario = cnil(2_000, 5, &[]);
    let (run, outcome) = execute(&scenario, 2);
    let rows = Finish::new(&scenario, &run.compiled, &outcome.totals).exposure();
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

const GOLDEN: [u64; 6] = [163_746, 1_692_086, 1_133, 0, 1_137_954, 8_395_932];
const DIGEST: &str = "2d04ec0a6bec3700393127053a722aed6d8258f2d9f67283e64d95e8f5afe9e6";
