//! A run that is over, read from its folder.

use std::collections::HashMap;
use std::path::Path;

use crate::output::past_folder::{PastError, PastFolder};
use crate::output::staging::Contents;
use crate::output::tables::read;
use crate::scenario::Scenario;

/// What a figure is about: policy, purpose, jurisdiction, population, category, metric.
pub type FigureKey = [String; KEY];
/// How many columns a [`FigureKey`] has: behind them stands the unit.
const KEY: usize = 6;
const KEY_AND_UNIT: [&str; KEY + 1] = ["policy", "purpose", "jurisdiction", "population", "category", "metric", "unit"];

/// A run that is over.
#[derive(Debug)]
pub struct PastRun {
    /// How it is called: its folder.
    pub name: String,
    /// Its scenario as it was resolved, key by key.
    pub parameters: toml::Value,
    /// The same, loaded.
    pub scenario: Scenario,
    /// Worlds.
    pub replicates: u32,
    /// What its figures are about, in the order of the table, with their units.
    pub order: Vec<(FigureKey, String)>,
    /// Figures of each world.
    pub figures: HashMap<FigureKey, Vec<f64>>,
}

impl PastRun {
    /// Reads the results of a run, after they were held against their manifest.
    ///
    /// # Errors
    /// If there is no run in the folder, one of another version whose tables lack columns, or one that was changed since.
    pub fn read(folder: &Path) -> Result<Self, PastError> {
        let past = PastFolder::open(folder)?;
        past.holds(&[Contents::Run], "name folders that `outflow run` wrote")?;
        let scenario = past.scenario()?;
        let parameters = past.resolved()?.parse::<toml::Table>().map_err(|e| past.unfit(&e.to_string()))?;
        let replicates = past.number("replicates")? as u32;
        let (order, figures) = figures(&past.table("replicates")).map_err(|why| {
            past.unfit(&format!(
                "tables/replicates.parquet: {why}\n  help: if an earlier version wrote it, run the scenario again"
            ))
        })?;
        Ok(PastRun {
            name: folder.display().to_string(),
            parameters: toml::Value::Table(parameters),
            scenario,
            replicates,
            order,
            figures,
        })
    }
}

/// Figures in their order with their units, and of each its worlds.
type Figures = (Vec<(FigureKey, String)>, HashMap<FigureKey, Vec<f64>>);

/// Rows of the table `replicates`.
fn figures(path: &Path) -> Result<Figures, String> {
    let (keys, values) = read(path, &KEY_AND_UNIT, "value")?;
    let (mut order, mut figures) = (Vec::new(), HashMap::<FigureKey, Vec<f64>>::new());
    for (row, value) in values.into_iter().enumerate() {
        let key: FigureKey = std::array::from_fn(|column| keys[column][row].clone());
        let worlds = figures.entry(key.clone()).or_default();
        if worlds.is_empty() {
            order.push((key, keys[KEY][row].clone()));
        }
        // Worlds of a figure stand in their order.
        worlds.push(value);
    }
    Ok((order, figures))
}
