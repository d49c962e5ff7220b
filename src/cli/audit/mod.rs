//! `outflow audit`: what a regulator learns from a sample.

mod check;
mod plan;

use clap::{Args, Subcommand};

use super::Failure;

/// Options of `audit`.
#[derive(Args, Debug)]
pub struct Command {
    #[command(subcommand)]
    verb: AuditVerb,
}

#[derive(Debug, Subcommand)]
enum AuditVerb {
    /// How many people, days or records of a sample find a breach of an order, or bound it.
    Plan(plan::PlanArgs),
    /// Hold a sample against a policy, row by row; exit code 1 if anything in it should not have been let out.
    Check(check::CheckArgs),
}

impl Command {
    /// Answers.
    pub fn main(self) -> Result<(), Failure> {
        match self.verb {
            AuditVerb::Plan(plan) => plan.main(),
            AuditVerb::Check(check) => check.main(),
        }
    }
}

/// A probability that is asked for, above 0 and below 1.
fn confidence(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(share),
        Ok(percent) if (1.0..100.0).contains(&percent) => {
            Err(format!("expected a share above 0 and below 1: {percent} percent is {}", percent / 100.0))
        }
        _ => Err("expected a share above 0 and below 1, such as 0.95".into()),
    }
}

/// A share in percent, to three digits.
fn percent(share: f64) -> String {
    let p = share * 100.0;
    let digits = match p {
        p if p >= 10.0 || p == 0.0 => 1,
        p if p >= 1.0 => 2,
        p => (2.0 - p.log10().floor()).clamp(2.0, 12.0) as usize,
    };
    // Not quite all is not all.
    if p < 100.0 && p > 99.9 { "> 99.9 %".into() } else { format!("{p:.digits$} %") }
}
