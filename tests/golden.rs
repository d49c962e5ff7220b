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
        figure("opt-out", ads, "objecting", "people_exposed"),
        figure("opt-out", ads, "not_objecting", "disclosed_values"),
        figure("security-only", security, ALL, "disclosed_bytes"),
    ];
    assert_eq!(got, GOLDEN.map(Some));
    assert_eq!(digest(&scenario, &run, &outcome), DIGEST);
}

const GOLDEN: [u64; 6] = [166_303, 1_646_714, 876, 0, 1_030_368, 7_899_032];
const DIGEST: &str = "d7efbf6838c65fa28ac551121908784f1c93af81ef1976d04ee4b1547d989742";
