//! `outflow scenarios`: what ships, a line each.

use clap::Args;
use serde_json::json;

use super::{Failure, terminal};
use crate::scenario::{Overrides, load, shipped_names};

/// Options of `scenarios`.
#[derive(Args, Debug)]
pub struct ScenariosArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl ScenariosArgs {
    /// Lists them.
    pub fn main(self) -> Result<(), Failure> {
        let of = |name: &'static str| {
            let loaded = load(name.as_ref(), &Overrides::default());
            loaded.map(|(scenario, _)| (name, scenario)).map_err(|problems| Failure::Other(problems.to_string()))
        };
        let scenarios = shipped_names().map(of).collect::<Result<Vec<_>, _>>()?;
        if self.json {
            let list: Vec<_> = scenarios
                .iter()
                .map(|(name, s)| {
                    json!({
                        "name": name,
                        "title": s.file.scenario.title,
                        "analysis": s.file.scenario.analysis,
                        "people": s.people,
                        "days": s.days,
                        "start": s.start.to_string(),
                        "replicates": s.replicates,
                        "policies": s.policies.iter().map(|p| &*p.id).collect::<Vec<_>>(),
                    })
                })
                .collect();
            let json = serde_json::to_string_pretty(&list).map_err(|e| Failure::Other(e.to_string()))?;
            return terminal::print_data(&(json + "\n"));
        }
        let rows: Vec<Vec<String>> = scenarios
            .iter()
            .map(|(name, s)| {
                vec![
                    (*name).to_owned(),
                    terminal::short(s.people as f64),
                    s.days.to_string(),
                    s.replicates.to_string(),
                    s.policies.len().to_string(),
                    terminal::title(&s.file.scenario.title),
                ]
            })
            .collect();
        terminal::print(&terminal::wrapped(&["name", "people", "days", "worlds", "policies", "title"], &rows))?;
        terminal::print(
            "\nRun one by its name: outflow run cnil-2017 --people 100k. Change one: outflow init my-own --from cnil-2017\n",
        )
    }
}
