//! What tests of traffic draw from.

use std::path::Path;

use crate::population::Population;
use crate::scenario::{Overrides, load};
use crate::traffic::traffic_tables::TrafficTables;

/// The tables of cnil-2017.
pub fn tables() -> TrafficTables {
    let scenario = load(Path::new("scenarios/cnil-2017.toml"), &Overrides::default());
    let Ok((scenario, _)) = scenario else { panic!("the scenario does not load") };
    TrafficTables::new(&scenario, &Population::new(&scenario, 0))
}
