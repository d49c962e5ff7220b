//! The words and numbers of the page, ready for the template.

use std::collections::{BTreeMap, HashMap};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;
use serde_json::Value;

use super::content::{Parameter, PeopleReached, PolicyText, Report, SummaryRow};
use super::jurisdictions::{Places, places};
use super::orders::{MOST_ORDERS, OrderView, orders};
use crate::output::chart::number::{MISSING, count, count_within, grouped, plural, share_within};
use crate::output::chart::row_index::Facts;
use crate::output::chart::{Chart, ChartInput, MOST_POLICIES, fonts};
use crate::output::findings::{Finding, MOST_SHOWN};
use crate::output::following::{FollowingRow, Measured};

/// Most policies that are put in words; the resolved scenario has all of them.
const MOST_TEXTS: usize = 60;
/// With more orders than this their tables are folded.
const FOLDED_ORDERS: usize = 6;
/// Most entries of a part of the manifest that are listed.
const MOST_ENTRIES: usize = 64;

/// Most bytes of the data of a chart that the page carries with it.
const MOST_DATA: usize = 150_000;

/// A name and what it says.
pub type Pair = (String, String);

/// What the template sees.
#[derive(Debug, Serialize)]
pub struct Page<'a> {
    regular: String,
    semibold: String,
    title: &'a str,
    scenario: &'a str,
    version: &'a str,
    command: &'a str,
    digest: &'a str,
    seed: u64,
    facts: Vec<Pair>,
    leaving: &'a str,
    /// What the run says: the strongest findings.
    findings: Vec<FindingView<'a>>,
    more_findings: usize,
    analysis: Vec<String>,
    charts: Vec<FigureView<'a>>,
    summary: Vec<SummaryRowView>,
    /// By policy, the cells of what follows.
    following: Vec<(String, [String; 6])>,
    /// What of the policies tables and charts leave out; empty if nothing.
    left_out: String,
    jurisdictions: Option<Places<'a>>,
    warnings: &'a [String],
    /// Whether the summary says how many are reached as they are.
    coarsened: bool,
    policies: &'a [PolicyText],
    /// How many policies are not put in words here.
    more_policies: usize,
    /// Whether there are so many that each is folded.
    fold_policies: bool,
    orders: Vec<OrderView<'a>>,
    more_orders: usize,
    fold_orders: bool,
    method: &'a [String],
    limits: &'a [String],
    groups: Vec<ParameterGroup>,
    parameters: usize,
    qualities: String,
    manifest: Vec<Pair>,
}

/// A finding as the page has it.
#[derive(Debug, Serialize)]
struct FindingView<'a> {
    sentence: &'a str,
    evidence: &'a str,
    rests_on: String,
    assumption: bool,
    /// Name of the chart that shows it, if the page has it.
    chart: Option<&'static str>,
}

fn finding<'a>(of: &'a Finding, charts: &[Chart]) -> FindingView<'a> {
    FindingView {
        sentence: &of.sentence.en,
        evidence: &of.evidence_in_words.en,
        rests_on: of.rests_on.join(", "),
        assumption: of.returns_assumption,
        chart: of.chart.filter(|name| charts.iter().any(|chart| chart.name == *name)),
    }
}

/// The report for the template.
pub fn page<'a>(report: &'a Report) -> Page<'a> {
    let input = report.input;
    Page {
        regular: BASE64.encode(fonts::WEB[0]),
        semibold: BASE64.encode(fonts::WEB[1]),
        title: input.title,
        scenario: input.scenario,
        version: input.version,
        command: input.command,
        digest: input.digest,
        seed: input.seed,
        facts: facts(input),
        leaving: input.leaving,
        findings: report.findings.iter().take(MOST_SHOWN).map(|of| finding(of, report.charts)).collect(),
        more_findings: report.findings.len().saturating_sub(MOST_SHOWN),
        analysis: paragraphs(report.analysis),
        charts: charts(report.charts),
        summary: summary(&report.summary[..report.summary.len().min(MOST_POLICIES * input.purposes.len())]),
        following: following(&report.following[..report.following.len().min(MOST_POLICIES)]),
        left_out: Facts::new(input).left_out().unwrap_or_default(),
        jurisdictions: places(input),
        warnings: report.warnings,
        coarsened: report.summary.iter().any(|r| r.as_they_are.is_some()),
        policies: &report.policies[..report.policies.len().min(MOST_TEXTS)],
        more_policies: report.policies.len().saturating_sub(MOST_TEXTS),
        fold_policies: report.policies.len() > MOST_POLICIES,
        orders: orders(input),
        more_orders: input.orders.len().saturating_sub(MOST_ORDERS),
        fold_orders: input.orders.len() > FOLDED_ORDERS,
        method: &report.method,
        limits: &report.limits,
        groups: groups(&report.parameters),
        parameters: report.parameters.len(),
        qualities: qualities(&report.parameters),
        manifest: manifest(&report.manifest),
    }
}

/// The run in a few pairs, for the head of the page.
fn facts(input: &ChartInput) -> Vec<Pair> {
    let pair = |a: &str, b: String| (a.to_owned(), b);
    let mut facts = vec![
        pair("People in the model", grouped(input.people)),
        pair("Users of the service", grouped(input.users)),
        pair(
            "Period",
            format!("{} from {}", plural(input.days.into(), "day", "days"), input.start.format("%-d %b %Y")),
        ),
        pair("Events", grouped(input.events)),
        pair("Worlds", worlds(input.replicates)),
        pair("Policies compared", input.policies.len().to_string()),
        pair("Seed", input.seed.to_string()),
    ];
    if !input.orders.is_empty() {
        facts.insert(5, pair("Orders held against them", input.orders.len().to_string()));
    }
    facts
}

/// Of how many worlds figures are means.
fn worlds(replicates: u32) -> String {
    match replicates {
        0 | 1 => "one: no interval".to_owned(),
        n => format!("{n}, independent: figures are means, with 95 % intervals"),
    }
}

/// The paragraphs of a plain text: blank lines part them.
fn paragraphs(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    for line in text.lines().map(str::trim) {
        match out.last_mut() {
            Some(last) if line.is_empty() && !last.is_empty() => out.push(String::new()),
            Some(last) => {
                if !last.is_empty() && !line.is_empty() {
                    last.push(' ');
                }
                last.push_str(line);
            }
            None => {}
        }
    }
    out.retain(|p| !p.is_empty());
    out
}

/// A figure on the page.
#[derive(Clone, Debug, Serialize)]
pub struct FigureView<'a> {
    name: &'a str,
    title: &'a str,
    caption: String,
    svg: &'a str,
    /// Its data, for a page that was mailed without its folder; none of too many.
    csv: Option<String>,
}

/// The figures. A chart's ids start with its name, and names differ, so the ids of two charts cannot clash.
fn charts(charts: &[Chart]) -> Vec<FigureView<'_>> {
    charts
        .iter()
        .map(|c| FigureView {
            name: &c.name,
            title: &c.title,
            caption: caption(&c.alt),
            svg: &c.svg,
            csv: (c.csv.len() <= MOST_DATA).then(|| BASE64.encode(&c.csv)),
        })
        .collect()
}

/// The main finding without the kind of chart, which a reader of the caption sees.
fn caption(alt: &str) -> String {
    let text = alt.split_once(": ").filter(|(kind, _)| kind.len() < 20).map_or(alt, |(_, finding)| finding);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A row of the summary.
#[derive(Clone, Debug, Serialize)]
pub struct SummaryRowView {
    policy: String,
    purpose: String,
    /// First row of its policy?
    first: bool,
    values: String,
    reach: [String; 3],
    as_they_are: String,
}

/// The summary with its numbers written out.
fn summary(rows: &[SummaryRow]) -> Vec<SummaryRowView> {
    let reach = |r: &PeopleReached| match r.share {
        Some(share) => format!("{} ({})", count(r.people), share_within(share, r.interval)),
        None if r.people == 0.0 => MISSING.to_owned(),
        None => count(r.people),
    };
    rows.iter()
        .enumerate()
        .map(|(i, r)| SummaryRowView {
            policy: r.policy.clone(),
            purpose: r.purpose.clone(),
            first: i == 0 || rows[i - 1].policy != r.policy,
            values: count_within(r.disclosed_values, r.values_interval),
            reach: [reach(&r.not_objecting), reach(&r.objecting), reach(&r.non_user)],
            as_they_are: as_they_are(r),
        })
        .collect()
}

/// What follows, with its numbers written out.
fn following(rows: &[FollowingRow]) -> Vec<(String, [String; 6])> {
    let amount = |of: Measured| count_within(of.value, of.interval);
    let share = |of: Measured| share_within(of.value, of.interval);
    // More may be let out about those who object; what rounds to nothing has no sign.
    let worth = |of: Measured| {
        let written = |share: f64| format!("{:.1}", (share * 1000.0).round() / 10.0 + 0.0).replace('-', "\u{2212}");
        let ends = of.interval.map(|(lo, hi)| (written(lo), written(hi))).filter(|(lo, hi)| lo != hi);
        let range = ends.map_or_else(String::new, |(lo, hi)| format!("; {lo} to {hi}"));
        format!("{}%{range}", written(of.value))
    };
    let days = |of: Measured| match of.value {
        0.0 => MISSING.to_owned(),
        value => count_within(value.round(), of.interval.map(|(lo, hi)| (lo.round(), hi.round()))),
    };
    let cells = |r: &FollowingRow| {
        [
            amount(r.facts),
            amount(r.values_per_fact),
            share(r.by_others_alone),
            worth(r.objection_efficacy),
            worth(r.objection_efficacy_of_facts),
            days(r.half_time),
        ]
    };
    rows.iter().map(|row| (row.policy.clone(), cells(row))).collect()
}

/// How many people a policy reaches with a value as it is: nobody, if it lets out coarsened values alone.
fn as_they_are(row: &SummaryRow) -> String {
    match row.as_they_are {
        Some(0.0) if row.disclosed_values > 0.0 => "nobody: only coarsened".to_owned(),
        Some(people) => count(people),
        None => MISSING.to_owned(),
    }
}

/// Parameters whose keys begin alike.
#[derive(Clone, Debug, Serialize)]
pub struct ParameterGroup {
    name: String,
    rows: Vec<Parameter>,
    qualities: String,
}

/// Parameters by the first segment of their key, in order of first appearance.
fn groups(parameters: &[Parameter]) -> Vec<ParameterGroup> {
    let mut groups: Vec<ParameterGroup> = Vec::new();
    let mut place: HashMap<&str, usize> = HashMap::new();
    for p in parameters {
        let name = p.key.split(['.', '[']).next().unwrap_or_default();
        let at = *place.entry(name).or_insert_with(|| {
            groups.push(ParameterGroup { name: name.to_owned(), rows: Vec::new(), qualities: String::new() });
            groups.len() - 1
        });
        groups[at].rows.push(p.clone());
    }
    for group in &mut groups {
        group.qualities = qualities(&group.rows);
    }
    groups
}

/// "12 found, 3 derived, 40 assumed".
fn qualities(parameters: &[Parameter]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for p in parameters {
        *counts.entry(p.quality.as_str()).or_default() += 1;
    }
    let known = ["found", "derived", "assumed"];
    let others = counts.keys().copied().filter(|q| !known.contains(q));
    known
        .into_iter()
        .chain(others)
        .filter_map(|q| counts.get(q).map(|n| format!("{n} {}", if q.is_empty() { "without quality" } else { q })))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The manifest as pairs, nested keys joined by dots.
fn manifest(value: &Value) -> Vec<Pair> {
    let mut out = Vec::new();
    flatten("", value, &mut out);
    out
}

fn flatten(key: &str, value: &Value, out: &mut Vec<Pair>) {
    let below = |k: &str| if key.is_empty() { k.to_owned() } else { format!("{key}.{k}") };
    match value {
        Value::Null if key.is_empty() => {}
        Value::Null => out.push((key.to_owned(), MISSING.to_owned())),
        Value::Object(map) => {
            map.iter().take(MOST_ENTRIES).for_each(|(k, v)| flatten(&below(k), v, out));
            out.extend(more(key, map.len()));
        }
        Value::Array(list) => {
            list.iter().take(MOST_ENTRIES).enumerate().for_each(|(i, v)| flatten(&below(&i.to_string()), v, out));
            out.extend(more(key, list.len()));
        }
        Value::String(s) => out.push((key.to_owned(), s.clone())),
        other => out.push((key.to_owned(), other.to_string())),
    }
}

/// What stands for the entries of a part that are not listed.
fn more(key: &str, entries: usize) -> Option<Pair> {
    let left = entries.checked_sub(MOST_ENTRIES).filter(|n| *n > 0)?;
    Some((key.to_owned(), format!("and {} more, in manifest.json", grouped(left as u64))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_leave_out_what_is_seen() {
        assert_eq!(caption("Bar chart: no policy discloses."), "No policy discloses.");
        assert_eq!(caption("The filter was not timed."), "The filter was not timed.");
        assert_eq!(caption(""), "");
    }

    #[test]
    fn paragraphs_part_at_blank_lines() {
        assert_eq!(paragraphs("\n one\n two\n\n\n three \n"), vec!["one two", "three"]);
        assert!(paragraphs(" \n ").is_empty());
    }

    #[test]
    fn parameters_are_grouped_and_counted() {
        let p = |key: &str, quality: &str| Parameter {
            key: key.to_owned(),
            quality: quality.to_owned(),
            ..Parameter::default()
        };
        let g = groups(&[p("traffic.rate", "assumed"), p("world.people", "found"), p("traffic.calls", "found")]);
        assert_eq!(
            g.iter().map(|g| (g.name.as_str(), g.rows.len())).collect::<Vec<_>>(),
            [("traffic", 2), ("world", 1)]
        );
        assert_eq!(g[0].qualities, "1 found, 1 assumed");
    }

    #[test]
    fn nested_manifests_become_pairs() {
        let m = manifest(&serde_json::json!({"wall_s": 1.5, "filter": [{"policy": "a"}], "none": null}));
        assert_eq!(
            m,
            [("wall_s", "1.5"), ("filter.0.policy", "a"), ("none", MISSING)].map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
    }
}
