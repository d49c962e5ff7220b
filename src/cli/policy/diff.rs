//! `outflow policy diff`.

use clap::Args;
use serde_json::json;

use super::{About, Failure, json, let_out, policy, too_much};
use crate::cli::terminal;
use crate::policy::TooMuch;
use crate::policy::analysis::{self, Strictness};
use crate::scenario::Resolution;

/// Options of `policy diff`.
#[derive(Args, Debug)]
pub struct DiffArgs {
    #[command(flatten)]
    about: About,
    /// Policy
    #[arg(value_name = "A")]
    a: String,
    /// Another policy
    #[arg(value_name = "B")]
    b: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl DiffArgs {
    /// Compares.
    pub fn main(self) -> Result<(), Failure> {
        let scenario = self.about.load()?;
        let (a, b) = (policy(&scenario, &self.a)?, policy(&scenario, &self.b)?);
        let diff = analysis::diff(&scenario, [a, b])
            .map_err(|TooMuch| too_much(&[a, b], "compare their decisions about one flow with `policy explain`"))?;
        if self.json {
            let stricter = match diff.order {
                Strictness::Equal => "equal",
                Strictness::FirstStricter => "first",
                Strictness::SecondStricter => "second",
                Strictness::Neither => "neither",
            };
            let line = |(both, when): &([Option<Resolution>; 2], String)| json!({ "flows": when, "first": json::let_out(both[0]), "second": json::let_out(both[1]) });
            let lines: Vec<_> = diff.lines.iter().map(line).collect();
            return json::print(
                &json!({ "first": &*a.id, "second": &*b.id, "stricter": stricter, "differences": lines }),
            );
        }
        let verdict = match diff.order {
            Strictness::Equal => format!("equal: {} and {} let out the same, whatever the flow", a.id, b.id),
            Strictness::FirstStricter => {
                format!("{} is stricter: it lets out less than {}, and nothing more", a.id, b.id)
            }
            Strictness::SecondStricter => {
                format!("{} is stricter: it lets out less than {}, and nothing more", b.id, a.id)
            }
            Strictness::Neither => {
                format!("neither is stricter: each of {} and {} lets out what the other does not", a.id, b.id)
            }
        };
        terminal::print(&format!("{verdict}\n"))?;
        if diff.lines.is_empty() {
            return Ok(());
        }
        let rows: Vec<Vec<String>> =
            diff.lines.iter().map(|(both, when)| vec![when.clone(), let_out(both[0]), let_out(both[1])]).collect();
        let head = ["flows", &*a.id, &*b.id];
        terminal::print(&format!("\n{}", terminal::wrapped(&head, &rows)))
    }
}
