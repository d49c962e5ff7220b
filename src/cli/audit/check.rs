//! `outflow audit check`: what a policy, and an order, say of a sample.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{confidence, percent};
use crate::audit::Judge;
use crate::cli::policy::{named, policy};
use crate::cli::{Changes, Failure, load_policies, terminal};
use crate::output::audit::{Judged, SampleError, judged, read_people, read_rows, table_of};
use crate::output::number::grouped;
use crate::scenario::{Order, Policy, lines};

/// Options of `audit check`.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// Folder of the sample, as `outflow sample` writes it: disclosures and people (Parquet or CSV), scenario.resolved.toml
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Policy that is said to have been kept
    #[arg(long, value_name = "ID")]
    policy: String,
    /// Order: what it prohibits from its deadline on is a breach too
    #[arg(long, value_name = "ORDER")]
    order: Option<String>,
    /// Scenario that defines them (default: scenario.resolved.toml in the folder)
    #[arg(long, value_name = "SCENARIO")]
    scenario: Option<PathBuf>,
    /// How many people the sample was drawn from (default: so many that it does not matter)
    #[arg(long, value_name = "N", value_parser = crate::cli::count, allow_negative_numbers = true)]
    population: Option<u64>,
    /// Probability with which bounds hold
    #[arg(long, value_name = "SHARE", default_value = "0.95", value_parser = confidence, allow_negative_numbers = true)]
    confidence: f64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl From<SampleError> for Failure {
    fn from(e: SampleError) -> Self {
        Failure::Input(format!("error: {}", lines(&e.to_string())))
    }
}

impl CheckArgs {
    /// Checks.
    pub fn main(self) -> Result<(), Failure> {
        if !self.folder.is_dir() {
            return Err(Failure::Input(format!(
                "error: there is no folder {}\n  help: write a sample with `outflow sample`, or put disclosures and people into a folder (docs/FORMAT.md, A sample)",
                lines(&self.folder.display().to_string())
            )));
        }
        let people = table_of(
            &self.folder,
            "people",
            "everybody who was drawn must be told, whether or not anything was let out about them: `person_id`",
        )?;
        let rows =
            table_of(&self.folder, "disclosures", "what was let out about the people drawn, a row for each value")?;
        let written = self.scenario.clone().unwrap_or_else(|| self.folder.join("scenario.resolved.toml"));
        if self.scenario.is_none() && !written.is_file() {
            return Err(Failure::Input(format!(
                "error: {} has no scenario.resolved.toml\n  help: name the scenario that defines policy, purposes and categories: --scenario SCENARIO",
                lines(&self.folder.display().to_string())
            )));
        }
        let scenario = load_policies(&written, &Changes::default())?;
        let kept = policy(&scenario, &self.policy)?;
        let order = match &self.order {
            Some(id) => Some(&scenario.orders[named("order", id, scenario.orders.iter().map(|o| &*o.id))?]),
            None => None,
        };
        let people = read_people(&people, &scenario)?;
        let drawn = people.ids.len() as u64;
        if let Some(of) = self.population.filter(|&of| of < drawn) {
            return Err(Failure::Input(format!(
                "error: --population {of}, but {} has {drawn} people\n  help: how many people the sample was drawn from, those drawn included",
                people.file
            )));
        }
        let rows = read_rows(&rows, &scenario, &people)?;
        let mut judge = Judge::new(&scenario, kept, order);
        let found = judged(&scenario, &mut judge, &people, &rows, (self.confidence, self.population));
        if self.json {
            let json = json!({
                "policy": &*kept.id,
                "order": order.map(|o| &*o.id),
                "obeys": found.rows_in_breach == 0,
                "sample": found,
            });
            let json = serde_json::to_string_pretty(&json).map_err(|e| Failure::Other(e.to_string()))?;
            terminal::print_data(&(json + "\n"))?;
        } else {
            terminal::print(&self.text(kept, order, &found))?;
        }
        if found.rows_in_breach > 0 { Err(Failure::Found) } else { Ok(()) }
    }

    fn text(&self, kept: &Policy, order: Option<&Order>, found: &Judged) -> String {
        let beside = order.map_or(String::new(), |o| format!(" and order {} (deadline {})", o.id, o.deadline));
        let mut text = format!(
            "{} disclosures about {} people, held against policy {}{beside}\n\n",
            grouped(found.rows),
            grouped(found.people),
            kept.id
        );
        if found.rows_in_breach == 0 {
            text += "No disclosure is in breach.\n";
        } else {
            text += &format!(
                "{} disclosures about {} people are in breach:\n",
                grouped(found.rows_in_breach),
                grouped(found.people_in_breach)
            );
        }
        for sort in &found.breaches {
            text += &format!(
                "\n{}: {} disclosures about {} people\n",
                sort.title,
                grouped(sort.rows),
                grouped(sort.people)
            );
            let rows: Vec<Vec<String>> = sort
                .examples
                .iter()
                .map(|e| {
                    let cells = [&e.date, e.kind, e.role, &e.purpose, &e.category, &e.resolution];
                    let place = format!("{}:{}", e.file, e.row);
                    [place, e.subject.to_string()].into_iter().chain(cells.map(str::to_owned)).collect()
                })
                .collect();
            let head = ["file:row", "about", "date", "kind", "role", "purpose", "category", "resolution"];
            text += &terminal::table(&head, &rows, head.len());
        }
        if found.rows_unclear > 0 {
            text += &format!(
                "\nOf {} disclosures it can't be told: it depends on what the sample does not say of its people (jurisdiction, is_user, has_parent_account, age_band, objects, agrees, and the same of those who acted).\n",
                grouped(found.rows_unclear)
            );
        }
        let of = match (found.population, found.population_in_breach_at_most) {
            (Some(of), Some(most)) => format!(
                "at most {} of the {} people drawn from ({})",
                grouped(most),
                grouped(of),
                percent(found.people_share_at_most)
            ),
            _ => format!("at most {} of the people drawn from", percent(found.people_share_at_most)),
        };
        let least = if found.people_in_breach > 0 {
            format!("at least {}, ", percent(found.people_share_at_least))
        } else {
            String::new()
        };
        text += &format!(
            "\nWith {} confidence each, if the people were drawn at random: a breach concerns {least}{of}; of all disclosures at most {} are in breach.\n",
            percent(self.confidence),
            percent(found.rows_share_at_most)
        );
        text
    }
}
