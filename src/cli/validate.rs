//! `outflow validate`: check scenarios without running them.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::ahead::{counters_fit, policies_fit, tables_fit, warn_of_titles};
use super::{Changes, Failure, load_scenario, terminal};
use crate::scenario::{Diagnostic, STDIN, Scenario, Severity, load, shown};

/// Options of `validate`.
#[derive(Args, Debug)]
pub struct ValidateArgs {
    /// Scenario files (`-`: standard input), or names of scenarios that ship
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Change a value of the scenarios, checked like the files: traffic.messages_per_active_day=60
    #[arg(long, value_name = "KEY=VALUE", value_parser = super::assignment)]
    set: Vec<String>,
    /// How problems are told: in words, as JSON, or as annotations that GitHub shows beside the lines
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How problems are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// In words.
    Text,
    /// A list of problems.
    Json,
    /// Workflow commands.
    Github,
}

impl ValidateArgs {
    /// Checks every file, also after one that fails.
    pub fn main(self) -> Result<(), Failure> {
        if self.files.iter().filter(|f| **f == Path::new(STDIN)).count() > 1 {
            return Err(Failure::Input(
                "error: `-` is named twice, and standard input can be read once\n  help: name it once".into(),
            ));
        }
        if self.format != Format::Text {
            return self.for_machines();
        }
        let mut failures = Vec::new();
        for path in &self.files {
            let checked = load_scenario(path, &self.changes()).and_then(|scenario| {
                fits(path, &scenario)?;
                Ok(scenario)
            });
            match checked {
                Ok(scenario) => {
                    warn_of_titles(&scenario);
                    terminal::print(&format!(
                        "{}: fine ({} policies, {} purposes, {} jurisdictions, digest {})\n",
                        shown(path),
                        scenario.policies.len(),
                        scenario.purposes.len(),
                        scenario.jurisdictions.len(),
                        &scenario.digest[..16]
                    ))?
                }
                Err(Failure::Input(text)) => failures.push(text),
                Err(other) => return Err(other),
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(Failure::Input(failures.join("\n\n"))) }
    }

    fn changes(&self) -> Changes {
        Changes { set: self.set.clone(), ..Changes::default() }
    }

    /// Prints all problems of all files to stdout, for programs.
    fn for_machines(&self) -> Result<(), Failure> {
        let mut problems = Vec::new();
        for path in &self.files {
            match load(path, &self.changes().overrides()) {
                Ok((scenario, warnings)) => {
                    problems.extend(warnings.iter().map(|d| problem(path, d)));
                    match fits(path, &scenario) {
                        Err(Failure::Input(text)) => problems.push(unplaced(path, &text)),
                        other => other?,
                    }
                }
                Err(found) => problems.extend(found.0.iter().map(|d| problem(path, d))),
            }
        }
        let text = match self.format {
            Format::Github => problems.iter().map(annotation).collect(),
            _ => serde_json::to_string_pretty(&problems).map_err(|e| Failure::Other(e.to_string()))? + "\n",
        };
        terminal::print_data(&text)?;
        let errors = problems.iter().filter(|p| p["severity"] == "error").count();
        match errors {
            0 => Ok(()),
            1 => Err(Failure::Input("error: 1 problem, told above".into())),
            n => Err(Failure::Input(format!("error: {n} problems, told above"))),
        }
    }
}

/// Refuses what a run would refuse.
fn fits(path: &Path, scenario: &Scenario) -> Result<(), Failure> {
    let compiled = policies_fit(path, scenario)?;
    counters_fit(path, scenario, &compiled, 1, None)?;
    tables_fit(path, scenario, &compiled)
}

/// A problem with its place: lines and columns from 1; null where it has none.
fn problem(path: &Path, d: &Diagnostic) -> Value {
    let at = d.place.as_ref().map(|place| place.line_column());
    let file = d.place.as_ref().map_or_else(|| path.display().to_string(), |place| place.source.name.clone());
    json!({
        "file": file,
        "line": at.map(|at| at.0),
        "column": at.map(|at| at.1),
        "severity": if d.severity == Severity::Error { "error" } else { "warning" },
        "message": &*d.message,
        "label": &*d.label,
        "help": d.help.as_deref(),
        "hint": d.hint.as_deref(),
        "and_more": d.untold,
    })
}

/// A problem of a file as a whole.
fn unplaced(path: &Path, text: &str) -> Value {
    let message = text.strip_prefix("error: ").unwrap_or(text);
    let file = path.display().to_string();
    json!({"file": file, "line": null, "column": null, "severity": "error", "message": message, "label": "", "help": null, "hint": null, "and_more": 0})
}

/// A workflow command of GitHub: signs that end a line or a field are escaped.
fn annotation(problem: &Value) -> String {
    let escaped = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let field = |text: &str| escaped(text).replace(':', "%3A").replace(',', "%2C");
    let word = |key: &str| problem[key].as_str().unwrap_or_default();
    let mut command = format!("::{} file={}", word("severity"), field(word("file")));
    for (key, name) in [("line", "line"), ("column", "col")] {
        if let Some(n) = problem[key].as_u64() {
            command += &format!(",{name}={n}");
        }
    }
    let help = match word("help") {
        "" => String::new(),
        help => format!("\nhelp: {help}"),
    };
    format!("{command}::{}\n", escaped(&(word("message").to_owned() + &help)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_stay_on_their_line() {
        let of = json!({"file": "a,b:c.toml", "line": 3, "column": 7, "severity": "error", "message": "50 % is\nwrong", "help": "write 0.5"});
        assert_eq!(annotation(&of), "::error file=a%2Cb%3Ac.toml,line=3,col=7::50 %25 is%0Awrong%0Ahelp: write 0.5\n");
        let unplaced = json!({"file": "a.toml", "severity": "warning", "message": "odd", "help": null});
        assert_eq!(annotation(&unplaced), "::warning file=a.toml::odd\n");
    }
}
