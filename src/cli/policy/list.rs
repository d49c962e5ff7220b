//! `outflow policy list`.

use clap::Args;
use serde_json::json;

use super::json::print;
use super::{About, Failure};
use crate::cli::terminal;
use crate::scenario::Scenario;

/// Options of `policy list`.
#[derive(Args, Debug)]
pub struct ListArgs {
    #[command(flatten)]
    about: About,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl ListArgs {
    /// Lists policies and orders.
    pub fn main(self) -> Result<(), Failure> {
        let s = self.about.load()?;
        if self.json {
            return print_json(&s);
        }
        let rows: Vec<Vec<String>> = s
            .policies
            .iter()
            .zip(&s.file.policies)
            .map(|(p, file)| {
                vec![
                    p.id.to_string(),
                    p.rules.len().to_string(),
                    p.tests.len().to_string(),
                    file.extends.clone().unwrap_or_default(),
                    terminal::title(&p.title),
                ]
            })
            .collect();
        terminal::print(&terminal::wrapped(&["policy", "rules", "tests", "extends", "title"], &rows))?;
        if !s.orders.is_empty() {
            let rows: Vec<Vec<String>> = s
                .orders
                .iter()
                .map(|o| {
                    vec![
                        o.id.to_string(),
                        terminal::title(&o.regulator),
                        o.notice.to_string(),
                        o.deadline.to_string(),
                        terminal::title(&o.title),
                    ]
                })
                .collect();
            terminal::print("\n")?;
            terminal::print(&terminal::wrapped(&["order", "regulator", "notice", "deadline", "title"], &rows))?;
        }
        Ok(())
    }
}

/// Policies and orders, for programs.
fn print_json(s: &Scenario) -> Result<(), Failure> {
    let policies = s.policies.iter().zip(&s.file.policies).map(|(p, file)| {
        json!({
            "id": &*p.id,
            "title": p.title,
            "source": p.source,
            "rules": p.rules.len(),
            "tests": p.tests.len(),
            "extends": file.extends,
        })
    });
    let orders = s.orders.iter().map(|o| {
        json!({
            "id": &*o.id,
            "title": o.title,
            "regulator": o.regulator,
            "notice": o.notice.to_string(),
            "deadline": o.deadline.to_string(),
        })
    });
    let all = json!({ "policies": policies.collect::<Vec<_>>(), "orders": orders.collect::<Vec<_>>() });
    print(&all)
}
