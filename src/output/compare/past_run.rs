//! A run that is over, read from its folder.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::output::staging::{self, MANIFEST, OutputError};
use crate::output::tables::read;
use crate::scenario::{Overrides, Scenario, load};

/// Why a folder can't be compared.
#[derive(Debug, thiserror::Error)]
pub enum PastError {
    /// It is not usable, or not there.
    #[error(transparent)]
    Folder(#[from] OutputError),
    /// It holds something else than a whole run.
    #[error("{0}")]
    NoRun(String),
}

/// What a figure is about: policy, purpose, jurisdiction, population, category, metric.
pub type FigureKey = [String; KEY];
/// How many columns a [`FigureKey`] has: behind them stands the unit.
const KEY: usize = 6;
const KEY_AND_UNIT: [&str; KEY + 1] = ["policy", "purpose", "jurisdiction", "population", "category", "metric", "unit"];

const RESOLVED: &str = "scenario.resolved.toml";

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
        let shown = folder.display();
        let no_run = |why: String| PastError::NoRun(format!("{shown}: {why}"));
        let found = staging::verify(folder)?;
        if found.contents != "run" {
            let what = staging::Contents::what(&found.contents);
            return Err(no_run(format!("holds {what}, not a run\n  help: name folders that `outflow run` wrote")));
        }
        if let Some(problem) = found.problems.first() {
            return Err(no_run(format!(
                "not as it was written: {problem}\n  help: `outflow verify {shown}` lists all; run it again"
            )));
        }
        let text =
            |name: &str| fs::read_to_string(folder.join(name)).map_err(|e| no_run(format!("can't read {name}: {e}")));
        let resolved: PathBuf = folder.join(RESOLVED);
        let parameters = text(RESOLVED)?.parse::<toml::Table>().map_err(|e| no_run(format!("{RESOLVED}: {e}")))?;
        let (scenario, _) = load(&resolved, &Overrides::default())
            .map_err(|problems| no_run(format!("{RESOLVED} is not a scenario of this version:\n{problems}")))?;
        let manifest: serde_json::Value =
            serde_json::from_str(&text(MANIFEST)?).map_err(|e| no_run(format!("{MANIFEST}: {e}")))?;
        let replicates =
            manifest["replicates"].as_u64().ok_or_else(|| no_run(format!("{MANIFEST} has no `replicates`")))? as u32;
        let (order, figures) = figures(&folder.join("tables/replicates.parquet")).map_err(|why| {
            no_run(format!(
                "tables/replicates.parquet: {why}\n  help: if an earlier version wrote it, run the scenario again"
            ))
        })?;
        Ok(PastRun {
            name: shown.to_string(),
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
