//! The page of a run: one HTML file with everything in it, that asks for nothing from outside.

use std::panic::{AssertUnwindSafe, catch_unwind};

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value};

use crate::scenario::letters::neutral;

mod content;
mod jurisdictions;
mod orders;
pub mod parameters;
mod view;

pub use content::{Parameter, PeopleReached, PolicyText, Report, SummaryRow};

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The template failed.
    #[error("the page cannot be made: {0}")]
    Template(#[from] minijinja::Error),
    /// Something failed inside.
    #[error("the page cannot be made: outflow failed inside")]
    Panic,
}

/// The page. A panic on the way is an error as any other: the figures are there without it.
pub fn render(report: &Report) -> Result<String, ReportError> {
    catch_unwind(AssertUnwindSafe(|| {
        let mut env = Environment::new();
        env.set_auto_escape_callback(|_| AutoEscape::Html);
        env.add_template("page.html", include_str!("page.html"))?;
        let page = Value::from(Serde(view::page(report)));
        let page = env.get_template("page.html")?.render(page)?;
        // What a scenario says must not turn around or hide what the page says; our own text is plain.
        Ok(page.lines().map(|line| neutral(line) + "\n").collect())
    }))
    .unwrap_or(Err(ReportError::Panic))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::chart::{Chart, ChartInput};
    use crate::output::chart::{draw_all, fixtures::Fixture};
    use std::collections::BTreeSet;

    fn row() -> SummaryRow {
        SummaryRow {
            policy_id: "opt-out".to_owned(),
            policy: "Opt <out>".to_owned(),
            purpose_id: "security".to_owned(),
            purpose: "Security".to_owned(),
            disclosed_values: 1_240_000_000.0,
            values_interval: Some((1_200_000_000.0, 1_280_000_000.0)),
            not_objecting: PeopleReached { people: 10.0, share: Some(0.5), interval: Some((0.4, 0.6)) },
            objecting: PeopleReached::default(),
            non_user: PeopleReached { people: 0.0, share: Some(0.0), interval: None },
            as_they_are: Some(3.0),
        }
    }

    fn report<'a>(input: &'a ChartInput<'a>, charts: &'a [Chart], summary: &'a [SummaryRow]) -> Report<'a> {
        Report {
            input,
            charts,
            analysis: "One <b>paragraph</b>.\n\nAnother & more.",
            summary,
            following: &[],
            findings: &[],
            policies: vec![PolicyText { id: "closed".to_owned(), title: "Closed".to_owned(), ..PolicyText::default() }],
            parameters: vec![Parameter {
                key: "world.people".to_owned(),
                value: "1000".to_owned(),
                source: "\"onclick=\"".to_owned(),
                quality: "assumed".to_owned(),
            }],
            method: Vec::new(),
            limits: vec!["It cannot say why.".to_owned()],
            warnings: &[],
            manifest: serde_json::json!({"wall_s": 2.5}),
        }
    }

    #[test]
    fn page_is_escaped_and_complete() {
        let sample = Fixture::plausible();
        let input = sample.input();
        let charts: Vec<Chart> = draw_all(&input).into_iter().collect::<Result<_, _>>().unwrap();
        let page = render(&report(&input, &charts, &[row()])).unwrap();
        assert!(page.contains("One &lt;b&gt;paragraph&lt;&#x2f;b&gt;.") && page.contains("Opt &lt;out&gt;"));
        assert!(page.contains("model, not a measurement") && page.contains("1.24\u{a0}bn"));
        assert!(!page.contains("href=\"#orders\"") && page.contains("href=\"#limits\""));
        assert_eq!(page.matches("<svg ").count(), 6);
        // No link leads out of the page.
        assert!(
            page.contains("download=\"depth.csv\" href=\"data:text/csv;base64,") && !page.contains("href=\"charts/")
        );
        assert!(!page.contains("<script"));
    }

    #[test]
    fn page_asks_for_nothing_from_outside_and_ids_are_unique() {
        let sample = Fixture::plausible();
        let input = sample.input();
        let charts: Vec<Chart> = draw_all(&input).into_iter().collect::<Result<_, _>>().unwrap();
        let page = render(&report(&input, &charts, &[row()])).unwrap();
        let outside: Vec<&str> = page
            .match_indices("http")
            .map(|(i, _)| page.get(i..).unwrap_or_default())
            .filter(|s| !s.starts_with("http://www.w3.org/2000/svg\""))
            .filter(|s| s.starts_with("http:") || s.starts_with("https:"))
            .collect();
        assert!(outside.is_empty());
        let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|s| s.split('"').next()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
        for link in page.split("href=\"#").skip(1).filter_map(|s| s.split('"').next()) {
            assert!(ids.contains(&link), "#{link} leads nowhere");
        }
    }

    #[test]
    fn an_empty_run_has_a_page() {
        let sample = Fixture::empty();
        let input = sample.input();
        let report = Report {
            policies: Vec::new(),
            parameters: Vec::new(),
            limits: Vec::new(),
            analysis: "",
            manifest: serde_json::Value::Null,
            ..report(&input, &[], &[])
        };
        let page = render(&report).unwrap();
        assert!(page.contains("id=\"reproduce\"") && !page.contains("id=\"summary\""));
    }
}
