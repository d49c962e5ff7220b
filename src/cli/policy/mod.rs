//! `outflow policy`: questions about policies, answered before a single event is simulated.

mod check;
mod diff;
mod explain;
mod json;
mod list;
mod show;
mod test;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Changes, Failure, load_policies, terminal};
use crate::policy::{Decision, Outcome};
use crate::scenario::{Policy, Resolution, Scenario, find};

/// Options of `policy`.
#[derive(Args, Debug)]
pub struct Command {
    #[command(subcommand)]
    verb: PolicyVerb,
}

#[derive(Debug, Subcommand)]
enum PolicyVerb {
    /// The policies of a scenario.
    List(list::ListArgs),
    /// A policy's rules in plain words, or for another engine.
    Show(show::ShowArgs),
    /// What a policy decides about a flow, and by which rules.
    Explain(explain::ExplainArgs),
    /// Where two policies decide differently; exact.
    Diff(diff::DiffArgs),
    /// What a policy lets out that an order prohibits after its deadline; exit code 1 if there is anything.
    Check(check::CheckArgs),
    /// Run the tests that the scenario's policies carry; exit code 1 if one fails.
    Test(test::TestArgs),
}

impl Command {
    /// Answers.
    pub fn main(self) -> Result<(), Failure> {
        match self.verb {
            PolicyVerb::List(list) => list.main(),
            PolicyVerb::Show(show) => show.main(),
            PolicyVerb::Explain(explain) => explain.main(),
            PolicyVerb::Diff(diff) => diff.main(),
            PolicyVerb::Check(check) => check.main(),
            PolicyVerb::Test(test) => test.main(),
        }
    }
}

/// The scenario that a question is about.
#[derive(Args, Debug)]
struct About {
    /// Scenario file (`-`: standard input), or the name of one that ships
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// Change a value of the scenario, checked like the file
    #[arg(long, value_name = "KEY=VALUE", value_parser = super::assignment)]
    set: Vec<String>,
}

impl About {
    fn load(&self) -> Result<Scenario, Failure> {
        load_policies(&self.scenario, &Changes { set: self.set.clone(), ..Changes::default() })
    }
}

/// The place of a name in a scenario; a wrong one is the input's fault.
pub(super) fn named<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Result<usize, Failure> {
    let known: Vec<&str> = known.collect();
    find(what, name, &known).map_err(|d| {
        Failure::Input(crate::scenario::render(&[d], terminal::stderr_has_colour()).trim_end().to_string())
    })
}

/// The policy of an id.
pub(super) fn policy<'a>(scenario: &'a Scenario, id: &str) -> Result<&'a Policy, Failure> {
    named("policy", id, scenario.policies.iter().map(|p| &*p.id)).map(|i| &scenario.policies[i])
}

/// What is let out, in words.
fn let_out(resolution: Option<Resolution>) -> String {
    resolution.map_or("nothing".into(), Resolution::words)
}

/// Refuses a question whose answer would be longer than anybody reads, and take longer than anybody waits.
fn too_much(policies: &[&Policy], help: &str) -> Failure {
    let rules: usize = policies.iter().map(|p| p.rules.len()).sum();
    let ids: Vec<String> = policies.iter().map(|p| format!("`{}`", p.id)).collect();
    Failure::Input(format!(
        "error: the {rules} rules of {} tell too many flows apart to list all of them\n  help: {help}",
        ids.join(" and ")
    ))
}

/// Most rules that are named as the reasons of one decision.
const MOST_REASONS: usize = 50;

/// The reasons of a decision: a line for each deciding rule, and where it is written.
fn reasons(policy: &Policy, decision: &Decision, indent: &str) -> String {
    let because = match decision.outcome {
        Outcome::NoFlow => {
            return format!("{indent}the kind does not collect it for that role, or the purpose does not request it\n");
        }
        Outcome::NotPermitted => {
            return format!("{indent}no rule speaks of it, and nothing flows that no rule permits\n");
        }
        Outcome::Permitted | Outcome::Forbidden => &decision.rules,
    };
    let line = |&rule: &usize| match policy.texts.get(rule) {
        Some(t) => {
            let source = t.source.as_ref().map_or(String::new(), |s| format!("; {}", terminal::title(s)));
            format!("{indent}by {}: {}\n{indent}   {}{source}\n", terminal::title(&t.name()), t.words, t.line())
        }
        None => format!("{indent}by rule {}\n", rule + 1),
    };
    let mut text: String = because.iter().take(MOST_REASONS).map(line).collect();
    if because.len() > MOST_REASONS {
        text += &format!("{indent}and by {} more rules\n", because.len() - MOST_REASONS);
    }
    text
}
