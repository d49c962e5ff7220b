//! What policies with dates change, and where: values a day in each jurisdiction in which something changes from one day to another.

use chrono::NaiveDate;

use super::{ends, policy_name, with_ends};
use crate::exposure::{ALL, DailyRow};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Line, LinePanel, Lines, Unit, XAxis, Zone, lines};
use crate::output::chart::row_index::{Facts, Interval};
use crate::output::chart::theme::Tone;

/// Most jurisdictions that are drawn.
const MOST: usize = 6;
/// A policy changes with its dates if its share of the most that any policy lets out on a day moves by this much.
const CHANGE: f64 = 0.15;

/// Values of a policy in a jurisdiction, by day.
type Days = Vec<(NaiveDate, f64, Interval)>;

fn days(facts: &Facts, policy: &str, jurisdiction: &str) -> Days {
    let rows = facts.input.daily.iter().filter(|row: &&DailyRow| {
        &*row.metric == "disclosed_values"
            && &*row.policy == policy
            && &*row.jurisdiction == jurisdiction
            && &*row.purpose == ALL
            && &*row.population == ALL
    });
    let mut days: Days = rows.map(|row| (row.day, row.value.as_f64(), row.spread.interval)).collect();
    days.sort_by_key(|day| day.0);
    days.dedup_by_key(|day| day.0);
    days
}

/// Whether some policy's share of the most on a day jumps.
fn changes(facts: &Facts, jurisdiction: &str) -> bool {
    let all: Vec<Days> = facts.input.policies.iter().map(|policy| days(facts, &policy.id, jurisdiction)).collect();
    let n = all.iter().map(Vec::len).min().unwrap_or(0);
    let most: Vec<f64> = (0..n).map(|d| all.iter().map(|days| days[d].1).fold(0.0, f64::max)).collect();
    all.iter().any(|days| {
        let shares = || (0..n).filter(|d| most[*d] > 0.0).map(|d| days[d].1 / most[d]);
        shares().fold(0.0, f64::max) - shares().fold(1.0, f64::min) > CHANGE
    })
}

fn changing<'a>(facts: &Facts<'a>) -> Vec<&'a str> {
    let codes = facts.input.jurisdictions.iter().map(|j| &*j.id).filter(|code| changes(facts, code));
    let mut found: Vec<&str> = codes.collect();
    // Of a run of one jurisdiction, or where rows by jurisdiction are not there.
    if found.is_empty() && changes(facts, ALL) {
        found.push(ALL);
    }
    found
}

/// Whether something changes from one day to another.
pub fn is_drawn(facts: &Facts) -> bool {
    !changing(facts).is_empty()
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let (input, lang) = (facts.input, facts.lang());
    let mut columns = vec![
        column("jurisdiction", "text", "code of the jurisdiction of the subject, or all"),
        column("policy", "text", "policy id"),
        column("day", "date", "UTC date of the events"),
        column("disclosed_values", "flows", "values that reach the parent on this day"),
    ];
    columns.extend(ends("flows"));
    let heading = Heading {
        topic: lang.say("What policies with dates change, and where", "Ce que changent les politiques datées, et où").to_owned(),
        detail: lang.fill(
            "Values that reach the parent a day, in the jurisdictions in which some policy changes from one day to another. {0}; each panel has a scale of its own.",
            "Valeurs parvenant à la maison mère par jour, dans les juridictions où une politique change d’un jour à l’autre. {0} ; chaque panneau a sa propre échelle.",
            &[&facts.span()],
        ),
    };
    let mut figure = Figure::new(facts, "dated-policies", heading, ChartData::new(columns));
    let codes = changing(facts);
    if codes.is_empty() {
        return figure.nothing(lang.say(
            "Nothing changes from one day to another: nothing to show.",
            "Rien ne change d’un jour à l’autre : rien à montrer.",
        ));
    }
    figure.leave_out("jurisdictions", codes.len().min(MOST), codes.len());
    let (first, last) = facts.period();
    let at = |day: NaiveDate| (day - first).num_days() as f64;
    let zones: Vec<Zone> = facts
        .markers(3)
        .into_iter()
        .map(|(day, label)| Zone { from: at(day), tone: Tone::Paper, label, begins: true })
        .collect();
    let mut panels = Vec::new();
    for code in codes.iter().take(MOST) {
        let mut drawn = Vec::new();
        for (place, policy) in input.policies.iter().enumerate() {
            let days = days(facts, &policy.id, code);
            for (day, value, interval) in &days {
                figure.data.push(&[code, &policy.id, &day.to_string()], &with_ends(Some(*value), *interval));
            }
            drawn.push(Line {
                name: policy_name(facts, place),
                hue: facts.hues[place],
                points: days.iter().map(|d| (at(d.0), d.1)).collect(),
                band: days.iter().filter_map(|d| Some((at(d.0), d.2?))).collect(),
                dots: false,
            });
        }
        let head = facts.called("jurisdiction", code);
        panels.push(LinePanel { head, lines: drawn, zones: zones.clone(), ..LinePanel::default() });
    }
    let form = Lines {
        panels,
        x: XAxis::Days(first, last),
        x_name: String::new(),
        unit: Unit::Count,
        one_scale: false,
        most: None,
    };
    lines::draw(&mut figure, lang, &form, &|_| String::new());
    let names: Vec<String> = codes.iter().take(MOST).map(|code| facts.called("jurisdiction", code)).collect();
    figure.alt = lang.fill(
        "Line chart: what policies let out changes from one day to another in {0}.",
        "Courbes : ce que les politiques laissent sortir change d’un jour à l’autre : {0}.",
        &[&names.join(", ")],
    );
    figure
}
