//! Answers for programs.

use serde_json::{Value, json};

use super::Failure;
use crate::cli::terminal;
use crate::policy::{Decision, Outcome};
use crate::scenario::{Policy, Resolution};

/// Prints an answer.
pub fn print(answer: &Value) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(answer).map_err(|e| Failure::Other(e.to_string()))?;
    terminal::print_data(&(text + "\n"))
}

/// How exactly something is let out: the word in tables, `null` if it is not.
pub fn let_out(resolution: Option<Resolution>) -> Value {
    resolution.map_or(Value::Null, |resolution| resolution.id().into())
}

/// A decision: what, how exactly, and by which rules of the policy.
pub fn decision(policy: &Policy, decision: &Decision) -> Value {
    let outcome = match decision.outcome {
        Outcome::Permitted => "permitted",
        Outcome::Forbidden => "forbidden",
        Outcome::NotPermitted => "not_permitted",
        Outcome::NoFlow => "no_flow",
    };
    let permitted = decision.outcome == Outcome::Permitted;
    let rules: Vec<Value> = decision
        .rules
        .iter()
        .map(|&rule| match policy.texts.get(rule) {
            Some(text) => json!({
                "policy": &*text.policy,
                "number": text.number,
                "title": text.title,
                "source": text.source,
                "words": text.words.to_string(),
                "at": text.line(),
            }),
            None => json!({ "policy": &*policy.id, "number": rule + 1 }),
        })
        .collect();
    json!({
        "outcome": outcome,
        "resolution": let_out(decision.resolution.filter(|_| permitted)),
        "rules": rules,
    })
}
