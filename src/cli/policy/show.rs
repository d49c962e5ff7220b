//! `outflow policy show`: a policy as a table that a lawyer reads, or as text for another engine.

use clap::{Args, ValueEnum};

use super::{About, Failure, policy};
use crate::cli::terminal;
use crate::policy::{Compiled, PolicyTable, Work, export};
use crate::scenario::{Policy, Scenario, shown};

/// Options of `policy show`.
#[derive(Args, Debug)]
pub struct ShowArgs {
    #[command(flatten)]
    about: About,
    /// Policy
    #[arg(value_name = "ID")]
    id: String,
    /// How to write it
    #[arg(long, value_enum, default_value_t = Form::Table)]
    format: Form,
    /// Also print how large the compiled table is
    #[arg(long)]
    stats: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// A table in plain words
    Table,
    /// JSON, to be evaluated without outflow
    Json,
    /// Cedar policies
    Cedar,
    /// A Rego module
    Rego,
    /// SQL over exported records (DuckDB)
    Sql,
    /// ODRL with DPV terms, JSON-LD
    Odrl,
}

impl ShowArgs {
    /// Prints a policy.
    pub fn main(self) -> Result<(), Failure> {
        let scenario = self.about.load()?;
        let p = policy(&scenario, &self.id)?;
        let index = scenario.policy(&self.id).unwrap_or_default();
        let text = match self.format {
            Form::Table => table(p, &shown(&self.about.scenario)),
            Form::Json => export::export(&scenario, index, export::PolicyLanguage::Json),
            Form::Cedar => export::export(&scenario, index, export::PolicyLanguage::Cedar),
            Form::Rego => export::export(&scenario, index, export::PolicyLanguage::Rego),
            Form::Sql => export::export(&scenario, index, export::PolicyLanguage::Sql),
            Form::Odrl => export::export(&scenario, index, export::PolicyLanguage::Odrl),
        };
        match self.format {
            Form::Table => terminal::print(&text)?,
            _ => terminal::print_data(&text)?,
        }
        if self.stats {
            let stats = stats(&scenario, p);
            // Other engines read what stands on stdout.
            match self.format {
                Form::Table => terminal::print(&format!("\n{stats}"))?,
                _ => terminal::log(stats.trim_end()),
            }
        }
        Ok(())
    }
}

fn table(policy: &Policy, file: &str) -> String {
    let rows: Vec<Vec<String>> = policy
        .rules
        .iter()
        .zip(&policy.texts)
        .enumerate()
        .map(|(i, (_, t))| {
            let mut whom: Vec<String> = t.words.whom.clone();
            whom.extend(t.words.days.clone());
            let mut why: Vec<String> = t.title.iter().map(|t| terminal::title(t)).collect();
            why.extend(t.source.as_deref().map(terminal::title));
            let (line, _) = t.place.line_column();
            let place = if t.place.source.name == file { format!("line {line}") } else { t.line() };
            why.push(if i < policy.own { place } else { format!("from {}: {place}", t.policy) });
            vec![
                (i + 1).to_string(),
                t.words.effect.to_string(),
                t.words.what.clone(),
                t.words.purposes.clone(),
                whom.join("; "),
                why.join("\n"),
            ]
        })
        .collect();
    let head = ["", "effect", "what", "for", "about whom, when", "why, and where it is written"];
    format!(
        "{} ({})\n{}\n\n{}\nNothing flows that no rule permits; a forbid always wins; the order of rules does not matter.\n",
        terminal::title(&policy.title),
        policy.id,
        terminal::title(&policy.source),
        terminal::wrapped(&head, &rows)
    )
}

fn stats(scenario: &Scenario, policy: &Policy) -> String {
    let begun = std::time::Instant::now();
    let periods = Compiled::period_starts(scenario);
    let resolutions = Compiled::resolutions(scenario);
    let Ok(table) = PolicyTable::within(scenario, policy, &periods, &resolutions, &mut Work::bounded()) else {
        return "compiled table: too large to be made\n".into();
    };
    let took = begun.elapsed();
    let s = table.stats(scenario, &resolutions);
    format!(
        "compiled table: {} cells, {} distinct contexts with {} cells stored, {} distinct rows, {} bytes; compiled in {:.1} ms\n",
        s.cells,
        s.contexts,
        s.stored,
        s.rows,
        s.bytes,
        took.as_secs_f64() * 1e3
    )
}
