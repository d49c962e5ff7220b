//! `outflow policy check`.

use clap::Args;
use serde_json::json;

use super::{About, Failure, json, named, policy, reasons, too_much};
use crate::cli::terminal;
use crate::policy::{TooMuch, analysis};
use crate::scenario::{Order, shown};

/// Options of `policy check`.
#[derive(Args, Debug)]
pub struct CheckArgs {
    #[command(flatten)]
    about: About,
    /// Policy
    #[arg(value_name = "ID")]
    id: String,
    /// Only this order (default: every order of the scenario)
    #[arg(long, value_name = "ORDER")]
    order: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl CheckArgs {
    /// Checks.
    pub fn main(self) -> Result<(), Failure> {
        let scenario = self.about.load()?;
        let policy = policy(&scenario, &self.id)?;
        let orders: Vec<&Order> = match &self.order {
            Some(id) => vec![&scenario.orders[named("order", id, scenario.orders.iter().map(|o| &*o.id))?]],
            None => scenario.orders.iter().collect(),
        };
        if orders.is_empty() {
            let text = format!(
                "error: {} has no order to check against\n  help: add an [[order]], or choose one of the preset \"orders-whatsapp\"",
                shown(&self.about.scenario)
            );
            return Err(Failure::Input(text));
        }
        let (mut text, mut answers, mut failed) = (String::new(), Vec::new(), false);
        for order in orders {
            let breaches = analysis::check(&scenario, policy, order)
                .map_err(|TooMuch| too_much(&[policy], "ask about one flow with `policy explain`"))?;
            failed |= !breaches.is_empty();
            answers.push(json!({
                "order": &*order.id,
                "title": order.title,
                "regulator": order.regulator,
                "deadline": order.deadline.to_string(),
                "breaches": breaches
                    .iter()
                    .map(|breach| json!({ "flows": breach.flows, "decision": json::decision(policy, &breach.decision) }))
                    .collect::<Vec<_>>(),
            }));
            let what = format!("{} ({}, deadline {})", order.id, terminal::title(&order.regulator), order.deadline);
            if breaches.is_empty() {
                text += &format!("{what}: from its deadline on, {} lets out nothing that it prohibits\n", policy.id);
                continue;
            }
            text += &format!("{what}: from its deadline on, {} lets out what the order prohibits\n", policy.id);
            text += &format!(
                "   {}; {}; status: {}\n",
                terminal::title(&order.title),
                terminal::title(&order.regime),
                terminal::title(&order.status)
            );
            for group in breaches.chunk_by(|a, b| a.decision == b.decision) {
                for breach in group {
                    let how = breach.decision.resolution.map_or(String::new(), |r| r.words());
                    text += &format!("   {}: let out {how}\n", breach.flows);
                }
                text += &reasons(policy, &group[0].decision, "      ");
            }
        }
        if self.json {
            json::print(&json!({ "policy": &*policy.id, "obeys": !failed, "orders": answers }))?;
        } else {
            terminal::print(&text)?;
        }
        if failed { Err(Failure::Found) } else { Ok(()) }
    }
}
