//! What a chart that is in a folder says of itself, for whoever draws it again from the folder's tables.

use serde_json::Value;

use super::chart::{self, ChartInput, Named};
use super::manifest::VERSION;
use super::past_folder::{PastError, PastFolder};
use crate::scenario::Scenario;

/// Words of a chart that follow from how a study was asked for, which its tables do not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastChart {
    /// What is shown.
    pub title: String,
    /// Unit and definition.
    pub subtitle: String,
    /// Worlds that figures are means of.
    pub replicates: u32,
}

impl PastChart {
    /// Of a chart by its name.
    ///
    /// # Errors
    /// If the folder has no such chart.
    pub fn read(past: &PastFolder, name: &str) -> Result<Self, PastError> {
        let path = past.folder.join(format!("charts/{name}.json"));
        let wrong = |why: &str| past.unfit(&format!("charts/{name}.json: {why}\n  help: make the results again"));
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(past.unfit(
                    "it has no chart to draw again\n  help: a sweep has one if a single key takes several values; its table has all figures",
                ));
            }
            Err(e) => return Err(wrong(&e.to_string())),
        };
        let json: Value = serde_json::from_str(&text).map_err(|e| wrong(&e.to_string()))?;
        let text =
            |key: &str| json[key].as_str().map(str::to_owned).ok_or_else(|| wrong(&format!("it has no `{key}`")));
        let replicates = json["replicates"].as_u64().ok_or_else(|| wrong("it has no `replicates`"))? as u32;
        Ok(PastChart { title: text("title")?, subtitle: text("subtitle")?, replicates })
    }

    /// Both texts.
    pub fn texts(&self) -> (String, String) {
        (self.title.clone(), self.subtitle.clone())
    }

    /// What describes the scenario of a study to a chart of it.
    pub fn input<'a>(
        &self,
        scenario: &'a Scenario,
        policies: &'a [Named],
        command: &'a str,
        heading: Option<&'a str>,
    ) -> ChartInput<'a> {
        let about = chart::ChartInput::about(scenario, policies, command, VERSION);
        ChartInput { replicates: self.replicates, heading, ..about }
    }
}
