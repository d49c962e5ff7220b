//! `outflow audit plan`: how much of a sample finds a breach of an order.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::{confidence, percent};
use crate::audit::{Leak, PlanOptions, PowerPlan, ProhibitedFlows, plan, prohibited};
use crate::cli::ahead::{cores, policies_fit};
use crate::cli::policy::{named, policy};
use crate::cli::{Changes, Failure, begin, load_scenario, terminal};
use crate::output::audit::{PlanRow, draw_plan};
use crate::output::chart::{self, ChartInput, MOST_LEAKS, Named, PowerLine};
use crate::output::manifest::{Origin, VERSION};
use crate::output::number::grouped;
use crate::output::results::{about, run_id};
use crate::output::staging::Contents;
use crate::output::tables::TableFile;
use crate::policy::flows;
use crate::scenario::letters::neutral;
use crate::scenario::{Kind, Order, Policy, Scenario};
use crate::simulate::Simulation;

/// Options of `audit plan`.
#[derive(Args, Debug)]
pub struct PlanArgs {
    /// Scenario file (`-`: standard input), or the name of one that ships
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// Policy that is said to be kept: what it lets out stands beside what leaks
    #[arg(long, value_name = "ID")]
    policy: String,
    /// Order whose breach is looked for
    #[arg(long, value_name = "ORDER")]
    order: String,
    /// What leaks of what the order prohibits: all, policy (what the policy itself lets out), a rate such as 0.001 or 1/1000,
    /// kind=KIND (of one kind of event), people=SHARE (about some people); repeat for several [default: all, 1/1000,
    /// kind=contact_sync, people=0.01]
    #[arg(long, value_name = "LEAK", value_parser = leak, allow_negative_numbers = true)]
    leak: Vec<Leak>,
    /// Probability with which a sample is to find the breach, and with which bounds hold
    #[arg(long, value_name = "SHARE", default_value = "0.95", value_parser = confidence, allow_negative_numbers = true)]
    confidence: f64,
    /// Samples that are drawn to try each plan; 0: none
    #[arg(long, value_name = "N", default_value = "1000", value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    draws: u32,
    /// Number of simulated people, such as 20_000, 100k, 1.5M
    #[arg(long, value_name = "N", value_parser = crate::cli::count, allow_negative_numbers = true)]
    people: Option<u64>,
    /// Number of days
    #[arg(long, value_name = "D", value_parser = crate::cli::days, allow_negative_numbers = true)]
    days: Option<u32>,
    /// Seed of all random numbers
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64), allow_negative_numbers = true)]
    seed: Option<u64>,
    /// Change a value of the scenario, checked like the file
    #[arg(long, value_name = "KEY=VALUE", value_parser = crate::cli::assignment)]
    set: Vec<String>,
    /// Threads (default: one for each core); no figure depends on it
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u32).range(1..=1024))]
    threads: Option<u32>,
    /// Folder for the table and the chart
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn leak(text: &str) -> Result<Leak, String> {
    Leak::parse(text).map_err(|e| e.to_string())
}

impl PlanArgs {
    /// Plans.
    pub fn main(self) -> Result<(), Failure> {
        let changes = Changes {
            people: self.people,
            days: self.days,
            seed: self.seed,
            set: self.set.clone(),
            ..Changes::default()
        };
        let scenario = load_scenario(&self.scenario, &changes)?;
        let kept = policy(&scenario, &self.policy)?;
        let order = &scenario.orders[named("order", &self.order, scenario.orders.iter().map(|o| &*o.id))?];
        // Titles of a long order, and of policies, go out as they are read.
        let leaks = self.leaks(&scenario, order)?;
        in_time(&scenario, order)?;
        policies_fit(&self.scenario, &scenario)?;
        let staging = self.to.as_ref().map(|to| begin(to, Contents::Audit)).transpose()?;
        let threads = self.threads.map_or_else(cores, |threads| threads as usize);
        let run = Simulation::new(&scenario);
        let number = scenario.policy(&kept.id).unwrap_or(0);
        let all = prohibited(&run, number, order, &leaks, threads);
        if all.people == 0 {
            return Err(Failure::Input(format!(
                "error: nobody whom the order {} protects is simulated\n  help: simulate more people (--people)",
                order.id
            )));
        }
        let options = PlanOptions { confidence: self.confidence, draws: self.draws };
        let found = plan(&all, &leaks, options, run.population.key);
        let command = self.command(&changes, &leaks);
        if let Some(staging) = staging {
            let failed = |e: &dyn std::fmt::Display| Failure::Other(e.to_string());
            staging.write("scenario.resolved.toml", &scenario.resolved)?;
            staging.make_folder("tables")?;
            let mut table = TableFile::new(&staging.folder().join("tables/audit"), true, &about(&scenario, &command));
            let rows = PlanRow::of(&found);
            let named: [Arc<str>; 2] = [scenario.name.as_str().into(), run_id(&scenario).into()];
            let columns = PlanRow::columns(&rows, [&kept.id, &order.id], self.confidence, &named);
            table.write(columns, None).map_err(|e| failed(&e))?;
            table.finish().map_err(|e| failed(&e))?;
            let chart = self.chart(&scenario, (kept, order), &command, &found).map_err(|e| failed(&e))?;
            for (name, content) in chart.files().map_err(|e| Failure::Other(e.to_string()))? {
                staging.write(&format!("charts/{name}"), content)?;
            }
            staging.commit(&Origin::new(&scenario, &command, [("audit", rows.len() as u64)]))?;
        }
        if self.json {
            let json = json!({
                "scenario": scenario.name,
                "scenario_digest": scenario.digest,
                "policy": &*kept.id,
                "order": &*order.id,
                "deadline": order.deadline.to_string(),
                "confidence": self.confidence,
                "draws": self.draws,
                "plan": found,
            });
            let json = serde_json::to_string_pretty(&json).map_err(|e| Failure::Other(e.to_string()))?;
            return terminal::print_data(&(json + "\n"));
        }
        terminal::print(&self.text(&scenario, (kept, order), &all, &found))?;
        match &self.to {
            Some(to) => terminal::print(&format!("\nAll sizes, and a chart, in {}\n", to.display())),
            None => Ok(()),
        }
    }

    /// Ways to leak: those that were asked for, each once.
    fn leaks(&self, scenario: &Scenario, order: &Order) -> Result<Vec<Leak>, Failure> {
        let mut leaks: Vec<Leak> = Vec::new();
        for &leak in &self.leak {
            if !leaks.contains(&leak) {
                leaks.push(leak);
            }
        }
        if leaks.len() > MOST_LEAKS {
            return Err(Failure::Input(format!(
                "error: {} ways to leak, at most {MOST_LEAKS}\n  help: ask for some of them at a time (--leak)",
                leaks.len()
            )));
        }
        if leaks.is_empty() {
            leaks = vec![Leak::All, Leak::Rate(0.001), Leak::People(0.01)];
            let prohibited = (0..scenario.purposes.len()).filter(|p| order.prohibits >> p & 1 == 1);
            let uploads = |acts| {
                prohibited.clone().any(|p| flows(scenario, p, Kind::ContactSync as usize, acts) & order.categories != 0)
            };
            if uploads(true) || uploads(false) {
                leaks.insert(2, Leak::Kind(Kind::ContactSync));
            }
        }
        Ok(leaks)
    }

    fn command(&self, changes: &Changes, leaks: &[Leak]) -> String {
        let leaks: String = leaks.iter().map(|leak| format!(" --leak {}", leak.id())).collect();
        format!(
            "outflow audit plan {} --policy {} --order {}{leaks} --confidence {} --draws {}{}{}",
            terminal::quoted(&self.scenario.display().to_string()),
            terminal::quoted(&self.policy),
            terminal::quoted(&self.order),
            self.confidence,
            self.draws,
            changes.as_typed(),
            self.to.as_ref().map_or(String::new(), |to| format!(" --to {}", quoted_path(to))),
        )
    }

    fn text(
        &self,
        scenario: &Scenario,
        (kept, order): (&Policy, &Order),
        all: &ProhibitedFlows,
        found: &PowerPlan,
    ) -> String {
        let (first, last) = (scenario.date(all.days.start), scenario.date(all.days.end - 1));
        let mut text = format!(
            "{} ({}), deadline {}: what it prohibits, beside what {} lets out\n\nDrawn from {} people whom it protects, {} of the run from its deadline on ({first} to {last}), and {} values that it does not prohibit.\n\n",
            order.id,
            terminal::title(&order.regulator),
            order.deadline,
            kept.id,
            grouped(found.people),
            if found.days == 1 { "1 day".to_owned() } else { format!("{} days", found.days) },
            grouped(found.other_values),
        );
        text += &format!("How many find a breach with {} confidence:\n\n", percent(self.confidence));
        let rows: Vec<Vec<String>> = found
            .leaks
            .iter()
            .map(|leak| {
                let unit = leak.units.iter().map(|unit| match unit.least {
                    None => "never".to_owned(),
                    Some(n) => format!("{} of {}", grouped(n), grouped(unit.of)),
                });
                [leak.title.clone(), grouped(leak.flows), grouped(leak.people)].into_iter().chain(unit).collect()
            })
            .collect();
        let head = ["what leaks", "values", "people concerned", "people to see", "or days", "or records"];
        text += &terminal::table(&head, &rows, 1);
        if self.draws > 0 {
            let rows: Vec<Vec<String>> = found
                .leaks
                .iter()
                .map(|leak| {
                    let unit = leak.units.iter().map(|unit| match (unit.probability, unit.drawn) {
                        (Some(p), Some(drawn)) => format!("{} ({})", percent(drawn), percent(p)),
                        (Some(p), None) => format!("not drawn ({})", percent(p)),
                        (None, _) => "never".to_owned(),
                    });
                    std::iter::once(leak.title.clone()).chain(unit).collect()
                })
                .collect();
            text +=
                &format!("\nOf {} samples of these sizes so many found it (computed):\n\n", grouped(self.draws.into()));
            text += &terminal::table(&["what leaks", "people", "days", "records"], &rows, 1);
        }
        let sizes = [50, 100, 300, 1000, 3000, 10_000];
        let bounds = sizes.into_iter().filter(|&n| n < found.people).map(|n| {
            let most = crate::statistics::most_marked(0, n, found.people, self.confidence);
            format!("{} of {}", percent(most as f64 / found.people as f64), grouped(n))
        });
        let bounds: Vec<String> = bounds.collect();
        if !bounds.is_empty() {
            text += &format!(
                "\nIf none of the people drawn shows a breach, at most this share of all does ({} confidence): {}\n",
                percent(self.confidence),
                bounds.join(", ")
            );
        }
        text
    }

    fn chart(
        &self,
        scenario: &Scenario,
        (kept, order): (&Policy, &Order),
        command: &str,
        found: &PowerPlan,
    ) -> Result<chart::Chart, chart::ChartError> {
        let named = [Named { id: kept.id.clone(), title: kept.title.clone() }];
        // One world, whatever a run of the scenario has.
        let input = ChartInput { replicates: 1, ..ChartInput::about(scenario, &named, command, VERSION) };
        let lines: Vec<PowerLine> = found
            .leaks
            .iter()
            .flat_map(|leak| {
                leak.units.iter().map(|unit| PowerLine {
                    unit: unit.unit,
                    leak: leak.leak.clone(),
                    title: leak.title.clone(),
                    points: unit.curve.iter().map(|point| (point.n, point.probability)).collect(),
                    least: unit.least,
                })
            })
            .collect();
        let title = format!("How much of a sample finds a breach of {}'s order", neutral(&order.regulator));
        let subtitle = format!(
            "Probability that a random sample finds at least one of the values that the order ({}) prohibits, if some of them leak while {} is said to be kept. Drawn from {} people, {} days from the deadline of {}. Dashed: {} confidence. Exact (hypergeometric; people with all their records).",
            order.id,
            neutral(&kept.title),
            grouped(found.people),
            found.days,
            crate::output::lang::Lang::En.date(order.deadline),
            percent(self.confidence),
        );
        draw_plan(&input, (title, subtitle), self.confidence, &lines)
    }
}

fn quoted_path(path: &Path) -> String {
    terminal::quoted(&path.display().to_string())
}

/// Refuses a run that ends before the order must be obeyed.
fn in_time(scenario: &Scenario, order: &Order) -> Result<(), Failure> {
    let last = scenario.date(scenario.days - 1);
    if last >= order.deadline {
        return Ok(());
    }
    let days = (order.deadline - scenario.start).num_days() + 8;
    Err(Failure::Input(format!(
        "error: the run ends on {last}, before the deadline of {} ({}): there is nothing to sample yet\n  help: simulate more days, such as --days {days}, or begin later (--set scenario.start={})",
        order.id, order.deadline, order.deadline
    )))
}
