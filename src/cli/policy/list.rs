//! `outflow policy list`.

use clap::Args;

use super::{About, Failure};
use crate::cli::terminal;

/// Options of `policy list`.
#[derive(Args, Debug)]
pub struct ListArgs {
    #[command(flatten)]
    about: About,
}

impl ListArgs {
    /// Lists policies and orders.
    pub fn main(self) -> Result<(), Failure> {
        let s = self.about.load()?;
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
