//! The page is complete, safe, in one language, and asks for nothing from outside.

use super::*;
use crate::output::chart::fixtures::Fixture;
use crate::output::chart::{ChartInput, PageChart, page_charts};
use crate::scenario::{Overrides, load};
use std::collections::BTreeSet;
use std::path::Path;

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

fn report<'a>(input: &'a ChartInput<'a>, charts: &'a [PageChart], summary: &'a [SummaryRow]) -> Report<'a> {
    Report {
        input,
        lang: Lang::En,
        charts,
        tones: &[],
        analysis: "One <b>paragraph</b>.\n\nAnother & *more*.",
        summary,
        following: &[],
        findings: &[],
        policies: vec![PolicyText { id: "closed".to_owned(), title: "Closed".to_owned(), ..PolicyText::default() }],
        baseline: "closed",
        users: Vec::new(),
        scopes: Vec::new(),
        leaving: String::new(),
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

/// The charts of some rows, as the page has them.
fn drawn(input: &ChartInput) -> Vec<PageChart> {
    page_charts(input).0
}

#[test]
fn page_is_escaped_and_complete() {
    let sample = Fixture::plausible();
    let input = sample.input();
    let charts = drawn(&input);
    let page = render(&report(&input, &charts, &[row()])).unwrap();
    assert!(page.contains("One &lt;b&gt;paragraph&lt;/b&gt;.") && page.contains("Opt &lt;out&gt;"));
    assert!(page.contains("<em>more</em>"));
    assert!(page.contains("model, not a measurement") && page.contains("1.24\u{a0}bn"));
    assert!(!page.contains("href=\"#orders\"") && page.contains("href=\"#limits\""));
    // How fast the filter ran says nothing of what is let out.
    assert!(!page.contains("filter-throughput"));
    // Three figures, wide and narrow.
    assert_eq!(page.matches("<svg ").count(), 6);
    // No link leads out of the page.
    assert!(
        page.contains("download=\"categories.csv\" href=\"data:text/csv;base64,") && !page.contains("href=\"charts/")
    );
    assert!(!page.contains("<script src") && page.contains("default-src 'none'"));
}

#[test]
fn page_asks_for_nothing_from_outside_and_ids_are_unique() {
    let sample = Fixture::plausible();
    let input = sample.input();
    // Two sizes of a chart have the same ids until they stand on a page.
    let mut charts = drawn(&input);
    charts.iter_mut().for_each(|chart| chart.narrow = chart.wide.replacen("<svg ", "<svg class=\"narrow\" ", 1));
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
    assert!(page.contains("id=\"reproduce\"") && !page.contains("id=\"who\"") && !page.contains("id=\"explorer\""));
    assert!(render_markdown(&report).unwrap().contains("## Make this page again"));
}

/// Sections, in the order in which a reader asks.
#[test]
fn both_forms_have_the_same_sections_in_the_same_order() {
    let sample = Fixture::plausible().over_worlds();
    let input = sample.input();
    let charts = drawn(&input);
    let rows = [row()];
    let report = report(&input, &charts, &rows);
    let page = render(&report).unwrap();
    let markdown = render_markdown(&report).unwrap();
    let heads: Vec<String> =
        page.split("<h2>").skip(1).filter_map(|s| s.split("</h2>").next()).map(|s| s.replace("&#x27;", "'")).collect();
    let of_markdown: Vec<&str> = markdown.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(heads, of_markdown);
    let expected =
        ["Who is reached, and by whose doing", "The policies, and exactly where they differ", "Look up any figure"];
    let places: Vec<_> = expected.iter().map(|head| heads.iter().position(|of| of == head)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{heads:?}");
    assert_eq!(heads.last().map(String::as_str), Some("Background"));
    assert!(markdown.contains("(charts/categories.svg)") && !markdown.contains("<svg"));
    assert!(markdown.contains("One &lt;b>paragraph&lt;/b>.") && markdown.contains("| Opt &lt;out> |"));
}

/// A French page says nothing in English but what the scenario says, and that it marks.
#[test]
fn a_french_page_is_french() {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/hamburg-2016.toml"));
    let (scenario, _) = load(path, &Overrides::default()).unwrap();
    let sample = Fixture::plausible().over_worlds();
    let input = sample.input();
    let french = |lang| Report {
        lang,
        policies: policy_texts(&scenario, lang),
        scopes: scopes(&scenario, lang),
        ..report(&input, &[], &[])
    };
    let page = render(&french(Lang::Fr)).unwrap();
    assert!(page.contains("<html lang=\"fr\">") && page.contains("<span lang=\"en\">"));
    assert!(page.contains("Politique") && page.contains("Personnes jamais inscrites"));
    for (group, pairs) in words::all() {
        for (name, pair) in pairs {
            // The longest part of the English that nothing is filled into.
            let parts = pair.en.split(['{', '}', '`', '*']).map(|part| HtmlEscape(part.trim()).to_string());
            let longest = parts.max_by_key(String::len).unwrap_or_default();
            assert!(longest.len() < 12 || !page.contains(&longest), "{group}.{name} is in English: {longest}");
        }
    }
    let english = render(&french(Lang::En)).unwrap();
    assert!(!english.contains("lang=\"fr\"") && !english.contains("lang=\"en\"><span"));
}

#[test]
fn marks_are_tags_where_they_are_closed() {
    assert_eq!(marked("**A** `b<c` d"), "<strong>A</strong> <code>b&lt;c</code> d");
    assert_eq!(marked("a ** b ` c"), "a ** b ` c");
    assert_eq!(marked("`a **b** c`"), "<code>a **b** c</code>");
    assert_eq!(plain("a|b *c* <d>"), "a\\|b \\*c\\* &lt;d>");
}
