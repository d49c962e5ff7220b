//! `outflow policy test`.

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{About, Failure, policy, too_much};
use crate::cli::terminal;
use crate::policy::analysis::{self, TestResult};
use crate::policy::{Decision, Outcome, TooMuch};
use crate::scenario::{Expected, Policy, PolicyTest, Scenario};

/// Options of `policy test`.
#[derive(Args, Debug)]
pub struct TestArgs {
    #[command(flatten)]
    about: About,
    /// Only this policy (repeat for several)
    #[arg(long, value_name = "ID")]
    policy: Vec<String>,
    /// Exit code 1 also if there are no tests to run
    #[arg(long)]
    require: bool,
    /// How results are told: in words, as JSON, or as JUnit's XML, which continuous integration reads
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How results are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// In words.
    Text,
    /// A list of results.
    Json,
    /// JUnit's XML.
    Junit,
}

impl TestArgs {
    /// Runs all tests.
    pub fn main(self) -> Result<(), Failure> {
        let scenario = self.about.load()?;
        let policies: Vec<&Policy> = match self.policy.is_empty() {
            true => scenario.policies.iter().collect(),
            false => self.policy.iter().map(|id| policy(&scenario, id)).collect::<Result<_, _>>()?,
        };
        let (mut text, mut ran, mut failed) = (String::new(), 0, 0);
        let mut told = Vec::new();
        for policy in policies {
            let results: Vec<TestResult> = policy
                .tests
                .iter()
                .map(|case| analysis::test(&scenario, policy, case))
                .collect::<Result<_, _>>()
                .map_err(|TooMuch| too_much(&[policy], "name more of the flow in its tests: date, kind, role"))?;
            text += &format!("{}\n", policy.id);
            for (case, result) in policy.tests.iter().zip(&results) {
                ran += 1;
                let fine = result.wrong.is_empty() && !result.vacuous;
                failed += usize::from(!fine);
                text += &format!("   {}  {}\n", if fine { "ok  " } else { "FAIL" }, title(&scenario, case));
                let why = if fine { String::new() } else { failure(policy, case, result) };
                text += &why;
                told.push(Told { policy: policy.id.to_string(), title: title(&scenario, case), fine, why });
            }
            text += &covered(&scenario, policy, &results);
        }
        text += &match ran {
            0 => "\nno tests: nothing was tried (a policy's tests stand below it in [[policy.test]])\n".to_owned(),
            _ => format!("\n{ran} tests, {} passed, {failed} failed\n", ran - failed),
        };
        match self.format {
            Format::Text => terminal::print(&text)?,
            Format::Json => {
                let json = serde_json::to_string_pretty(&told).map_err(|e| Failure::Other(e.to_string()))?;
                terminal::print_data(&(json + "\n"))?;
            }
            Format::Junit => terminal::print_data(&junit(&told))?,
        }
        if failed > 0 || ran == 0 && self.require { Err(Failure::Found) } else { Ok(()) }
    }
}

/// A test and how it went.
#[derive(Debug, Serialize)]
struct Told {
    policy: String,
    title: String,
    fine: bool,
    why: String,
}

/// Results as JUnit's XML: a suite for each policy.
fn junit(told: &[Told]) -> String {
    let escaped = |text: &str| {
        let plain: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
        plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    };
    let count = |of: &[Told]| (of.len(), of.iter().filter(|t| !t.fine).count());
    let (tests, failures) = count(told);
    let mut xml =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{tests}\" failures=\"{failures}\">\n");
    for suite in told.chunk_by(|a, b| a.policy == b.policy) {
        let ((tests, failures), name) = (count(suite), escaped(&suite[0].policy));
        xml += &format!("  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\">\n");
        for test in suite {
            xml += &format!("    <testcase classname=\"{name}\" name=\"{}\"", escaped(&test.title));
            xml += &match test.fine {
                true => "/>\n".to_owned(),
                false => {
                    format!("><failure message=\"decided otherwise\">{}</failure></testcase>\n", escaped(&test.why))
                }
            };
        }
        xml += "  </testsuite>\n";
    }
    xml + "</testsuites>\n"
}

fn title(scenario: &Scenario, case: &PolicyTest) -> String {
    let name = |i: Option<usize>, names: &dyn Fn(usize) -> String| i.map(names).unwrap_or_default();
    case.title.as_deref().map(terminal::title).unwrap_or_else(|| {
        format!(
            "{} for {} is {}",
            name(case.query.category, &|i| scenario.categories[i].id.to_string()),
            name(case.query.purpose, &|i| scenario.purposes[i].id.to_string()),
            words(case.expect)
        )
    })
}

fn words(expected: Expected) -> &'static str {
    match expected {
        Expected::Permitted => Outcome::Permitted,
        Expected::Forbidden => Outcome::Forbidden,
        Expected::NotPermitted => Outcome::NotPermitted,
        Expected::NoFlow => Outcome::NoFlow,
    }
    .words()
}

fn failure(policy: &Policy, case: &PolicyTest, result: &TestResult) -> String {
    let rules = |rules: &[usize]| {
        let names: Vec<String> = rules
            .iter()
            .map(|&r| policy.texts.get(r).map_or(format!("rule {}", r + 1), |t| terminal::title(&t.name())))
            .collect();
        if names.is_empty() { "no rule".into() } else { names.join(" and ") }
    };
    let by = case.by.as_ref().map_or(String::new(), |by| format!(", by {}", rules(by)));
    let (line, _) = case.place.line_column();
    let mut text = format!("         {}:{line}\n", case.place.source.name);
    text += &format!("         expected: {}{by}\n", words(case.expect));
    if result.vacuous {
        text += "         but there is no such flow at all\n";
    }
    let decided = |d: &Decision| format!("{}, by {}", d.outcome.words(), rules(&d.rules));
    for (decision, when) in &result.wrong {
        text += &format!("         decided:  {}\n                   {when}\n", decided(decision));
    }
    text
}

fn covered(scenario: &Scenario, policy: &Policy, results: &[TestResult]) -> String {
    let coverage = analysis::coverage(scenario, policy, results);
    let tested = coverage.tested.iter().filter(|t| **t).count();
    let mut text = format!("   {} of {} rules decide in a test\n", tested, policy.rules.len());
    let matters = |i: usize| coverage.matters.as_ref().is_none_or(|m| m[i]);
    for (i, tested) in coverage.tested.iter().enumerate() {
        let name = || {
            policy
                .texts
                .get(i)
                .map_or(format!("rule {}", i + 1), |t| format!("{}, {}", terminal::title(&t.name()), t.line()))
        };
        match (tested, matters(i)) {
            (_, false) => text += &format!("   dead: {}: other rules decide the same on every day\n", name()),
            (false, true) => text += &format!("   not tested: {}\n", name()),
            (true, true) => {}
        }
    }
    if coverage.matters.is_none() {
        text += "   whether rules are dead was not looked for: there is too much to try\n";
    }
    text
}
