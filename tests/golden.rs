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

const GOLDEN: [u64; 6] = [141_288, 1_566_386, 1_133, 0, 1_007_921, 8_104_864];
const DIGEST: &str = "a2ecc7f792fb760b30e12017640c1d59720fe93da90ce08a58457e70037ebc18";
