//! `outflow policy explain`.

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde_json::json;

use super::{About, Failure, json, named, policy, reasons, too_much};
use crate::cli::terminal;
use crate::policy::{Outcome, TooMuch, analysis};
use crate::scenario::{Chosen, Kind, Query, Scenario};

/// Options of `policy explain`.
#[derive(Args, Debug)]
pub struct ExplainArgs {
    #[command(flatten)]
    about: About,
    /// Policy
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    flow: Flow,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The flow that is asked about; what is left out is tried in every way.
#[derive(Args, Debug)]
pub struct Flow {
    /// Purpose
    #[arg(long)]
    purpose: String,
    /// Category of data
    #[arg(long)]
    category: String,
    /// Kind of event
    #[arg(long)]
    kind: Option<String>,
    /// Role of the subject in the event
    #[arg(long, value_enum)]
    role: Option<RoleName>,
    /// Whether the subject has an account with the service
    #[arg(long, value_enum)]
    subject: Option<SubjectName>,
    /// Jurisdiction of the subject
    #[arg(long, value_name = "J")]
    jurisdiction: Option<String>,
    /// Jurisdiction of the one who acts
    #[arg(long, value_name = "J")]
    actor_jurisdiction: Option<String>,
    /// Choice of the subject about the purpose
    #[arg(long, value_enum)]
    choice: Option<ChoiceName>,
    /// Choice of the one who acts about the purpose
    #[arg(long, value_enum)]
    actor_choice: Option<ChoiceName>,
    /// Whether the subject has an account with the parent
    #[arg(long, value_name = "true|false")]
    parent_account: Option<bool>,
    /// Whether the subject is a minor
    #[arg(long, value_name = "true|false")]
    minor: Option<bool>,
    /// UTC date of the event, such as 2017-11-27
    #[arg(long, value_name = "DATE")]
    date: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleName {
    Actor,
    Counterparty,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
enum SubjectName {
    User,
    #[value(alias = "non-user")]
    NonUser,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ChoiceName {
    Objects,
    Agrees,
    None,
}

impl Flow {
    fn query(&self, s: &Scenario) -> Result<Query, Failure> {
        let jurisdiction = |code: &Option<String>| {
            let known = || s.jurisdictions.iter().map(|j| &*j.code);
            code.as_ref().map(|code| named("jurisdiction", code, known())).transpose()
        };
        let kind = |id: &String| named("kind of event", id, Kind::ALL.iter().map(|k| k.id())).map(|k| Kind::ALL[k]);
        let choice = |c: ChoiceName| match c {
            ChoiceName::Objects => Chosen::Objects,
            ChoiceName::Agrees => Chosen::Agrees,
            ChoiceName::None => Chosen::None,
        };
        let query = Query {
            purpose: Some(named("purpose", &self.purpose, s.purposes.iter().map(|p| &*p.id))?),
            category: Some(named("category", &self.category, s.categories.iter().map(|c| &*c.id))?),
            kind: self.kind.as_ref().map(kind).transpose()?,
            actor: self.role.map(|r| matches!(r, RoleName::Actor)),
            jurisdiction: jurisdiction(&self.jurisdiction)?,
            actor_jurisdiction: jurisdiction(&self.actor_jurisdiction)?,
            user: self.subject.map(|u| matches!(u, SubjectName::User)),
            parent_account: self.parent_account,
            minor: self.minor,
            choice: self.choice.map(choice),
            actor_choice: self.actor_choice.map(choice),
            date: self.date,
        };
        if query.user == Some(false) && matches!(query.choice, Some(Chosen::Objects | Chosen::Agrees)) {
            return Err(Failure::Input(
                "error: a non-user has no choice\n  help: leave --choice out, or ask about --subject user".into(),
            ));
        }
        if query.user == Some(false) && query.actor == Some(true) {
            return Err(Failure::Input("error: a non-user never acts\n  help: ask about --role counterparty".into()));
        }
        Ok(query)
    }
}

impl ExplainArgs {
    /// Explains.
    pub fn main(self) -> Result<(), Failure> {
        let scenario = self.about.load()?;
        let policy = policy(&scenario, &self.id)?;
        let query = self.flow.query(&scenario)?;
        let answers = analysis::explain(&scenario, policy, &query)
            .map_err(|TooMuch| too_much(&[policy], "name more of the flow: --date, --kind, --role, --jurisdiction"))?;
        let mut text = format!("{}: {} for {}\n", policy.id, self.flow.category, self.flow.purpose);
        if answers.is_empty() {
            return Err(Failure::Input(
                "error: there is no such flow to ask about: the options contradict each other".into(),
            ));
        }
        if self.json {
            let answer = |answer: &analysis::Explained| json!({ "when": answer.when, "decision": json::decision(policy, &answer.decision) });
            let answers: Vec<_> = answers.iter().map(answer).collect();
            let Flow { purpose, category, .. } = &self.flow;
            return json::print(
                &json!({ "policy": &*policy.id, "purpose": purpose, "category": category, "answers": answers }),
            );
        }
        for group in answers.chunk_by(|a, b| a.decision == b.decision) {
            let d = &group[0].decision;
            let how = match d.resolution {
                Some(r) if d.outcome == Outcome::Permitted => format!(", {}", r.words()),
                _ => String::new(),
            };
            text += &format!("\n{}{how}\n", d.outcome.words());
            for answer in group {
                text += &format!("   {}\n", answer.when);
            }
            text += &reasons(policy, d, "      ");
        }
        terminal::print(&text)
    }
}
