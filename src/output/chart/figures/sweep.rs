//! How figures follow a value that is varied: a panel for each figure, a line with its band for each policy.

use super::{LOWER, UPPER, policy_name};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Line, LinePanel, Lines, Unit, XAxis, lines};
use crate::output::chart::row_index::Facts;

/// A value of what is varied, the mean, its 95 % interval.
pub type SweepPoint = (f64, f64, Option<(f64, f64)>);

/// A figure under a policy, at each value of what is varied.
#[derive(Clone, Debug)]
pub struct SweepLine {
    /// What the panel is about.
    pub panel: String,
    /// Whether it is a share of people.
    pub share: bool,
    /// Index of the policy.
    pub policy: usize,
    /// Points, whose values rise.
    pub points: Vec<SweepPoint>,
}

/// From this ratio of the largest to the least value on, values stand by their logarithms.
const LOG_FROM: f64 = 50.0;

/// Draws the figure. `key` is what is varied.
pub fn draw(facts: &Facts, key: &str, topic: String, detail: String, drawn: &[SweepLine]) -> Figure {
    let lang = facts.lang();
    let data = ChartData::new(vec![
        column("figure", "text", "what is shown"),
        column("policy", "text", "policy id"),
        column("value", "see scenario", "value of what is varied"),
        column("mean", "see figure", "mean over worlds"),
        column("lo", "see figure", LOWER),
        column("hi", "see figure", UPPER),
    ]);
    let mut figure = Figure::new(facts, "sweep", Heading { topic, detail }, data);
    let values = || drawn.iter().flat_map(|line| line.points.iter().map(|p| p.0));
    let (least, most) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
    if least >= most {
        return figure.nothing(lang.say(
            "There are no two values to draw a line between.",
            "Il n’y a pas deux valeurs entre lesquelles tracer une courbe.",
        ));
    }
    let mut names: Vec<&str> = Vec::new();
    for line in drawn {
        if !names.contains(&line.panel.as_str()) {
            names.push(&line.panel);
        }
    }
    let x = XAxis::between(least, most, LOG_FROM);
    // Counts and shares have scales of their own: a drawing for each run of panels that are alike.
    for (k, name) in names.iter().enumerate() {
        let of: Vec<&SweepLine> = drawn.iter().filter(|line| line.panel == *name).collect();
        let share = of.iter().all(|line| line.share);
        for line in &of {
            let id = &facts.input.policies[line.policy].id;
            for &(value, mean, interval) in &line.points {
                figure.data.push(&[name, id], &[Some(value), Some(mean), interval.map(|i| i.0), interval.map(|i| i.1)]);
            }
        }
        let line = |line: &&SweepLine| Line {
            name: policy_name(facts, line.policy),
            hue: facts.hues[line.policy],
            points: line.points.iter().map(|p| (p.0, p.1)).collect(),
            band: line.points.iter().filter_map(|p| Some((p.0, p.2?))).collect(),
            dots: false,
        };
        let panel =
            LinePanel { head: (*name).to_owned(), lines: of.iter().map(line).collect(), ..LinePanel::default() };
        let last = k + 1 == names.len();
        let form = Lines {
            panels: vec![panel],
            x,
            x_name: if last { key.to_owned() } else { String::new() },
            unit: if share { Unit::Share } else { Unit::Count },
            one_scale: true,
            most: None,
        };
        lines::draw(&mut figure, lang, &form, &|x| lang.number(plain(x)));
        figure.y += if last { 0.0 } else { 22.0 };
    }
    figure.alt = finding(facts, key, drawn);
    figure
}

/// A value as one would type it.
fn plain(x: f64) -> String {
    let text = format!("{x:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn finding(facts: &Facts, key: &str, drawn: &[SweepLine]) -> String {
    let lang = facts.lang();
    let change = |line: &&SweepLine| match (line.points.first(), line.points.last()) {
        (Some(a), Some(b)) if a.1.max(b.1) > 0.0 => (b.1 - a.1).abs() / a.1.max(b.1),
        _ => 0.0,
    };
    let most = drawn.iter().max_by(|a, b| change(a).total_cmp(&change(b)));
    let Some((line, first, last)) = most.and_then(|line| Some((line, line.points.first()?, line.points.last()?)))
    else {
        return lang.say("Line chart: nothing is drawn.", "Courbes : rien n’est tracé.").to_owned();
    };
    let [from, to] = [first.0, last.0].map(|x| lang.number(plain(x)));
    if change(&line) < 0.005 {
        return lang.fill(
            "Line chart: from {0} to {1} of {2} no figure that is shown changes by half a percent.",
            "Courbes : de {0} à {1} de {2}, aucun chiffre représenté ne varie d’un demi pour cent.",
            &[&from, &to, key],
        );
    }
    let unit = if line.share { Unit::Share } else { Unit::Count };
    let [before, after] = [first.1, last.1].map(|x| unit.written(x, lang));
    lang.fill(
        "Line chart: what changes most is {0} under “{1}”: {2} at {3}, {4} at {5}.",
        "Courbes : ce qui change le plus est {0} sous « {1} » : {2} à {3}, {4} à {5}.",
        &[&line.panel.to_lowercase(), &policy_name(facts, line.policy), &before, &from, &after, &to],
    )
}
