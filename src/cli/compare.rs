//! `outflow compare`: runs beside each other.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, begin, terminal};
use crate::output::chart::{self, ChartInput};
use crate::output::compare::{CompareRow, Comparison, PastRun, SHOWN, compare, draw, past_runs, shown};
use crate::output::manifest::{Origin, VERSION};
use crate::output::results::about;
use crate::output::staging::Contents;
use crate::output::tables::{TableFile, columns};

/// Most parameters that are listed of two runs; `--json` and `--to` have all.
const MOST_PARAMETERS: usize = 40;

/// Options of `compare`.
#[derive(Args, Debug)]
pub struct CompareArgs {
    /// Folders of runs: the first is the one that the others are compared with
    #[arg(value_name = "DIR", required = true, num_args = 2..)]
    folders: Vec<PathBuf>,
    /// Folder for tables and a chart
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl CompareArgs {
    /// Compares.
    pub fn main(self) -> Result<(), Failure> {
        let runs = past_runs(&self.folders)?;
        let comparisons = compare(&runs);
        if let Some(to) = &self.to {
            write(to, &self.command(), &runs, &comparisons)?;
        }
        if self.json {
            let json = serde_json::to_string_pretty(&comparisons).map_err(|e| Failure::Other(e.to_string()))?;
            return terminal::print_data(&(json + "\n"));
        }
        let texts: Vec<String> = runs[1..].iter().zip(&comparisons).map(|(_, c)| text(&runs[0], c)).collect();
        terminal::print(&texts.join("\n"))?;
        match &self.to {
            Some(to) => terminal::print(&format!("\nAll figures, and a chart, in {}\n", to.display())),
            None => Ok(()),
        }
    }

    fn command(&self) -> String {
        let folders: Vec<String> = self.folders.iter().map(|f| terminal::quoted(&f.display().to_string())).collect();
        format!("outflow compare {}", folders.join(" "))
    }
}

fn text(first: &PastRun, c: &Comparison) -> String {
    let mut text = format!("{} beside {}\n\n", c.run, c.baseline);
    let value = |value: &Option<String>| match value {
        Some(value) if value.chars().count() > 60 => {
            format!("{}...", value.chars().take(57).collect::<String>().replace('\n', " "))
        }
        Some(value) => value.replace('\n', " "),
        None => "not there".to_owned(),
    };
    if c.parameters.is_empty() {
        text += "Parameters: the same\n";
    } else {
        let rows: Vec<Vec<String>> = c
            .parameters
            .iter()
            .take(MOST_PARAMETERS)
            .map(|p| vec![p.key.clone(), value(&p.before), value(&p.after)])
            .collect();
        text += &terminal::wrapped(&["parameter", "first", "other"], &rows);
        if c.parameters.len() > MOST_PARAMETERS {
            text += &format!("and {} more: see --json\n", c.parameters.len() - MOST_PARAMETERS);
        }
    }
    let [a, b] = c.replicates;
    let worlds = |n: u32| if n == 1 { "one world".to_owned() } else { format!("{n} worlds") };
    text += &match (c.paired, a.min(b)) {
        (true, 1) => {
            "\nBoth saw the same people and events in one world: differences are exact for it, and have no interval.\n"
                .to_owned()
        }
        (true, n) => format!(
            "\nBoth saw the same people and events: differences world by world, over {n} worlds, with 95 % intervals.\n"
        ),
        (false, 1) => format!(
            "\nThey saw different people and events ({}; {}): with one world there is no interval (--replicates).\n",
            worlds(a),
            worlds(b)
        ),
        (false, _) => format!(
            "\nThey saw different people and events ({}; {}): differences of means, with 95 % intervals.\n",
            worlds(a),
            worlds(b)
        ),
    };
    let title = |id: &str| {
        let policy = first.scenario.policies.iter().find(|p| &*p.id == id).map(|p| p.title.as_str());
        let purpose = first.scenario.purposes.iter().find(|p| &*p.id == id).map(|p| p.title.as_str());
        terminal::title(policy.or(purpose).unwrap_or(id))
    };
    for what in &SHOWN {
        let rows: Vec<Vec<String>> = shown(&c.figures, what)
            .map(|row| {
                let [before, after] = row.values.map(terminal::short);
                vec![
                    title(&row.about[0]),
                    title(&row.about[1]),
                    before,
                    after,
                    change(row.absolute, row.interval, &signed),
                    percent(row),
                ]
            })
            .collect();
        if !rows.is_empty() {
            let head = ["policy", "purpose", "first", "other", "difference", "percent"];
            text += &format!("\n{}\n\n{}", what.words, terminal::table(&head, &rows, 2));
        }
    }
    if c.only_in_one > 0 {
        text += &format!(
            "\n{} figures are in one of the two only: other policies, purposes or countries.\n",
            terminal::short(c.only_in_one as f64)
        );
    }
    text
}

fn signed(x: f64) -> String {
    if x < 0.0 { format!("-{}", terminal::short(-x)) } else { terminal::short(x) }
}

/// A difference with its interval, if it says more than the difference itself.
fn change(mean: f64, interval: Option<(f64, f64)>, written: &dyn Fn(f64) -> String) -> String {
    match interval.map(|(lo, hi)| (written(lo), written(hi))).filter(|(lo, hi)| lo != hi) {
        Some((lo, hi)) => format!("{} ({lo} to {hi})", written(mean)),
        None => written(mean),
    }
}

fn percent(row: &CompareRow) -> String {
    let written = |x: f64| format!("{x:.2}");
    let from_nothing = if row.values == [0.0; 2] { "nothing in both" } else { "from nothing" };
    row.percent.map_or(from_nothing.to_owned(), |p| change(p, row.percent_interval, &written) + " %")
}

/// Writes tables and a chart.
fn write(to: &std::path::Path, command: &str, runs: &[PastRun], comparisons: &[Comparison]) -> Result<(), Failure> {
    let failed = |e: &dyn std::fmt::Display| Failure::Other(e.to_string());
    let staging = begin(to, Contents::Compare)?;
    let scenario = &runs[0].scenario;
    staging.write("scenario.resolved.toml", &scenario.resolved)?;
    staging.make_folder("tables")?;
    let rows: Vec<CompareRow> = comparisons.iter().flat_map(|c| c.figures.iter().cloned()).collect();
    let mut table = TableFile::new(&staging.folder().join("tables/compare"), true, &about(scenario, command));
    table.write(columns(&rows, false), Some(columns(&rows, true))).map_err(|e| failed(&e))?;
    table.finish().map_err(|e| failed(&e))?;
    let chart = chart(command, &runs[0], &runs[1], &comparisons[0]).map_err(|e| failed(&e))?;
    for (name, content) in chart.files().map_err(|e| Failure::Other(e.to_string()))? {
        staging.write(&format!("charts/{name}"), content)?;
    }
    staging.commit(&Origin::new(scenario, command, [("compare", rows.len() as u64)]))?;
    Ok(())
}

/// The chart of the first two runs.
fn chart(command: &str, first: &PastRun, other: &PastRun, c: &Comparison) -> Result<chart::Chart, chart::ChartError> {
    let scenario = &first.scenario;
    let named = chart::named_policies(scenario);
    let replicates = first.replicates.min(other.replicates);
    let input = ChartInput { replicates, ..ChartInput::about(scenario, &named, command, VERSION) };
    let keys: Vec<String> = c
        .parameters
        .iter()
        .take(4)
        .map(|p| {
            let word = |v: &Option<String>| v.as_deref().map_or("nothing".to_owned(), |v| v.chars().take(24).collect());
            format!("{} from {} to {}", p.key.trim_end_matches(".value"), word(&p.before), word(&p.after))
        })
        .collect();
    let more = c.parameters.len().saturating_sub(keys.len());
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let what =
        if keys.is_empty() { "No parameter differs".to_owned() } else { format!("Changed: {}{more}", keys.join("; ")) };
    let worlds = if c.paired { "in the same worlds" } else { "in worlds of their own" };
    let subtitle =
        format!("Change of the figures in percent, {worlds}, with 95 % intervals where there are several. {what}.");
    let title = format!("What changes from {} to {}", short_name(&c.baseline), short_name(&c.run));
    draw(&c.figures, scenario, &input, (title, subtitle))
}

/// The last part of a path.
fn short_name(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}
