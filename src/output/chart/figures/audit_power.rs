//! How likely a sample finds a leak, by its size: a panel for each unit that is drawn, a line for each way to leak, and the confidence that is asked for across them.

use crate::output::chart::Named;
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Line, LinePanel, Lines, Unit, XAxis, lines};
use crate::output::chart::hues;
use crate::output::chart::row_index::Facts;

/// Most lines of a panel: as many as there are colours.
pub const MOST_LEAKS: usize = 12;

/// A way to leak, drawn by a unit.
#[derive(Clone, Debug)]
pub struct PowerLine {
    /// What is drawn: `people`, `days`, `records`.
    pub unit: &'static str,
    /// Id of the way to leak.
    pub leak: String,
    /// The same for readers.
    pub title: String,
    /// Sizes of the sample, which rise, and the probability that it finds the leak.
    pub points: Vec<(u64, f64)>,
    /// The least size that is enough; none if all there is is not.
    pub least: Option<u64>,
}

/// Draws the figure. `panels` names each unit; lines of each unit come in the same order.
pub fn draw(
    facts: &Facts,
    (topic, detail): (String, String),
    panels: &[(&'static str, String)],
    confidence: f64,
    drawn: &[PowerLine],
) -> Figure {
    let lang = facts.lang();
    let data = ChartData::new(vec![
        column("unit", "text", "what is drawn at random"),
        column("leak", "text", "way to leak"),
        column("n", "see unit", "size of the sample"),
        column("probability", "share", "probability that the sample finds the leak"),
    ]);
    let mut figure = Figure::new(facts, "audit-power", Heading { topic, detail }, data);
    let mut leaks: Vec<Named> = Vec::new();
    for line in drawn {
        if !leaks.iter().any(|leak| *leak.id == *line.leak) {
            leaks.push(Named { id: line.leak.as_str().into(), title: line.title.clone() });
        }
    }
    let colours = hues::of_policies(&leaks);
    for (k, (unit, name)) in panels.iter().enumerate() {
        let of: Vec<&PowerLine> = drawn.iter().filter(|line| line.unit == *unit).collect();
        let most = of.iter().filter_map(|line| line.points.last()).map(|p| p.0).max().unwrap_or(1).max(10) as f64;
        for line in &of {
            for &(n, p) in &line.points {
                figure.data.push(&[unit, &line.leak], &[Some(n as f64), Some(p)]);
            }
        }
        let line = |line: &&PowerLine| Line {
            name: format!("{}: {}", line.title, least(line, lang)),
            hue: leaks.iter().position(|leak| *leak.id == *line.leak).map_or(hues::PLAIN, |at| colours[at]),
            points: line.points.iter().filter(|p| p.0 > 0).map(|&(n, p)| (n as f64, p)).collect(),
            band: Vec::new(),
            dots: false,
        };
        let asked = Unit::Share.written(confidence, lang);
        let panel = LinePanel {
            head: name.clone(),
            lines: of.iter().map(line).collect(),
            level: Some((confidence, lang.fill("{0} are asked for", "{0} demandés", &[&asked]))),
            ..LinePanel::default()
        };
        let last = k + 1 == panels.len();
        let under = lang.say(
            "size of the sample, drawn at random without replacement; beside each name the least that is enough",
            "taille de l’échantillon, tiré au hasard sans remise ; à côté de chaque nom, le minimum suffisant",
        );
        let form = Lines {
            panels: vec![panel],
            x: XAxis::Powers(1.0, most),
            x_name: if last { under.to_owned() } else { String::new() },
            unit: Unit::Share,
            one_scale: true,
            most: Some(1.0),
        };
        lines::draw(&mut figure, lang, &form, &|x| Unit::Count.tick(x, lang));
        figure.y += if last { 0.0 } else { 22.0 };
    }
    let people: Vec<String> = drawn
        .iter()
        .filter(|line| line.unit == "people")
        .map(|line| format!("{} ({})", least(line, lang), line.title))
        .collect();
    figure.alt = lang.fill(
        "Line chart: people that a sample needs to find a breach with {0} confidence: {1}.",
        "Courbes : personnes qu’il faut à un échantillon pour trouver un manquement avec {0} de confiance : {1}.",
        &[&Unit::Share.written(confidence, lang), &people.join(", ")],
    );
    figure
}

fn least(line: &PowerLine, lang: crate::output::lang::Lang) -> String {
    line.least.map_or_else(|| lang.say("never", "jamais").to_owned(), |n| Unit::Count.written(n as f64, lang))
}
