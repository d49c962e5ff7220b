//! What moves figures most: a panel for each figure, a row for each parameter, a bar with its interval for each policy.

use super::policy_name;
use crate::output::chart::canvas::{Face, label};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Bar, BarPanel, BarStyle, Bars, Unit, bars};
use crate::output::chart::layout::wrap;
use crate::output::chart::row_index::Facts;
use crate::output::chart::theme::{BODY, Tone};

/// Most policies that are drawn: as many bars as a row has room for.
pub const MOST_BARS: usize = 3;
/// Most rows of a panel.
pub const MOST_ROWS: usize = 15;
/// The same where a row has several bars.
pub const MOST_ROWS_OF_BARS: usize = 10;

/// A figure, and how far each parameter moves it.
#[derive(Clone, Debug)]
pub struct TornadoPanel {
    /// What the figure is.
    pub title: String,
    /// What bars are counted in.
    pub unit: TornadoUnit,
    /// Parameters, in any order.
    pub rows: Vec<TornadoRow>,
}

/// What the bars of a panel are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TornadoUnit {
    /// The unit of the figure.
    Amount,
    /// Hundredths of a share that moves.
    Points,
    /// Shares of a variance.
    Share,
}

impl TornadoUnit {
    fn unit(self) -> Unit {
        match self {
            TornadoUnit::Amount => Unit::Number,
            TornadoUnit::Points => Unit::Points,
            TornadoUnit::Share => Unit::Share,
        }
    }
}

/// A parameter in a panel.
#[derive(Clone, Debug)]
pub struct TornadoRow {
    /// Its key.
    pub key: String,
    /// What it is, in words.
    pub title: String,
    /// For each policy drawn, how far it moves the figure, with the 95 % interval.
    pub bars: Vec<(f64, Option<(f64, f64)>)>,
}

impl TornadoRow {
    fn most(&self) -> f64 {
        self.bars.iter().map(|bar| bar.0).fold(0.0, f64::max)
    }

    fn is_alike(&self) -> bool {
        self.bars.windows(2).all(|w| w[0] == w[1])
    }
}

/// Whiskers are not over worlds, as those of other figures.
const NATURE: (&str, &str) = (
    "model, not a measurement; the intervals are over the design, not over worlds",
    "modèle, non une mesure ; les intervalles portent sur le plan d’expérience, non sur les mondes",
);

/// Draws the figure. `index` is what bars show, in words; `of_policies` how many policies there are.
pub fn draw(
    facts: &Facts,
    (topic, detail): (String, String),
    index: &'static str,
    panels: &[TornadoPanel],
    of_policies: usize,
) -> Figure {
    let lang = facts.lang();
    let data = ChartData::new(vec![
        column("figure", "text", "what is moved"),
        column("parameter", "text", "key of the parameter"),
        column("title", "text", "what the parameter is"),
        column("policy", "text", "policy id"),
        column("value", "see figure", index),
        column("lo", "see figure", "lower end of the 95 % interval; empty if there is none"),
        column("hi", "see figure", "upper end of it"),
    ]);
    let mut figure = Figure::new(facts, "tornado", Heading { topic, detail }, data).nature(NATURE.0, NATURE.1);
    let policies = facts.input.policies.len();
    figure.leave_out("policies", policies, of_policies);
    legend(&mut figure, facts);
    let most_rows = if policies > 1 { MOST_ROWS_OF_BARS } else { MOST_ROWS };
    for panel in panels {
        figure.y += 14.0;
        // Where no policy makes a difference one bar says all.
        let moved = panel.rows.iter().any(|row| row.most() > 0.0);
        let alike = moved && policies > 1 && panel.rows.iter().all(TornadoRow::is_alike);
        let lanes = if alike { 1 } else { policies.max(1) };
        let points = moved && panel.unit == TornadoUnit::Points;
        let unit = if points { lang.say(", in percentage points", ", en points de pourcentage") } else { "" };
        let same =
            if alike { lang.say(" (the same under each policy)", " (identique sous chaque politique)") } else { "" };
        let mut rows: Vec<&TornadoRow> = panel.rows.iter().filter(|row| row.most() > 0.0).collect();
        rows.sort_by(|a, b| b.most().total_cmp(&a.most()));
        let all = rows.len();
        rows.truncate(most_rows);
        figure.leave_out("parameters", rows.len(), all);
        let head = format!("{}{unit}{same}", panel.title);
        if rows.is_empty() {
            let lines = wrap(&head, figure.content(), BODY, true, 3);
            figure.y = figure.sheet.lines(figure.margin, figure.y + BODY, &lines, BODY * 1.3, label(BODY).bold());
            let none = lang.say("No parameter that is varied moves it.", "Aucun paramètre varié ne le modifie.");
            figure.sheet.text(figure.margin, figure.y + 6.0, none, Face::new(BODY, Tone::Muted));
            figure.y += 12.0;
            continue;
        }
        let mut drawn = Vec::new();
        for row in &rows {
            for (place, &(value, interval)) in row.bars.iter().enumerate() {
                let id = facts.input.policies.get(place).map_or("", |p| &*p.id);
                figure.data.push(
                    &[&panel.title, &row.key, &row.title, id],
                    &[Some(value), interval.map(|i| i.0), interval.map(|i| i.1)],
                );
                if place < lanes {
                    let tone = if alike {
                        Tone::Axis
                    } else {
                        facts.hues.get(place).map_or(Tone::Axis, |hue| Tone::Fill(*hue))
                    };
                    // A row's name stands at its first bar.
                    let name = if place == 0 { row.title.clone() } else { String::new() };
                    let text = panel.unit.unit().written(value, lang);
                    drawn.push(Bar::new(name, tone, (Some(value), interval), text));
                }
            }
        }
        let form = Bars {
            panels: vec![BarPanel { head, rows: drawn }],
            unit: panel.unit.unit(),
            style: BarStyle::Bar,
            whole: None,
        };
        bars::draw(&mut figure, lang, &form);
    }
    figure.alt = finding(facts, index, panels);
    figure
}

/// Which colour is which policy.
fn legend(figure: &mut Figure, facts: &Facts) {
    for place in 0..facts.input.policies.len() {
        let text = wrap(&policy_name(facts, place), figure.content() - 20.0, BODY, true, 2);
        figure.y += 18.0;
        figure.sheet.rect(figure.margin, figure.y - 10.0, 11.0, 11.0, Tone::Fill(facts.hues[place]));
        let face = Face::new(BODY, Tone::Text(facts.hues[place])).bold();
        figure.y = figure.sheet.lines(figure.margin + 17.0, figure.y, &text, 17.0, face) - 17.0;
    }
    figure.y += 6.0;
}

fn finding(facts: &Facts, index: &str, panels: &[TornadoPanel]) -> String {
    let lang = facts.lang();
    let largest = panels.first().and_then(|panel| {
        let bars = |row: &TornadoRow| row.bars.iter().map(|bar| bar.0).enumerate().collect::<Vec<_>>();
        let all =
            panel.rows.iter().flat_map(|row| bars(row).into_iter().map(move |(place, value)| (row, place, value)));
        Some((panel, all.max_by(|a, b| a.2.total_cmp(&b.2)).filter(|(.., value)| *value > 0.0)?))
    });
    let Some((panel, (row, place, value))) = largest else {
        return lang
            .say(
                "Bar chart: no parameter that is varied moves the figures.",
                "Barres : aucun paramètre varié ne modifie les chiffres.",
            )
            .to_owned();
    };
    let title = facts.input.policies.get(place).map_or_else(String::new, |_| policy_name(facts, place));
    let written = panel.unit.unit().within(value, row.bars[place].1, lang);
    let points = if panel.unit == TornadoUnit::Points { lang.say(" points", " points") } else { "" };
    lang.fill(
        "Bar chart of {0}: the largest for “{1}” is that of “{2}” under “{3}”: {4}{5}.",
        "Barres, {0} : le plus grand pour « {1} » est celui de « {2} » sous « {3} » : {4}{5}.",
        &[index, &panel.title, &row.title, &title, &written, points],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::chart::fixtures::Fixture;

    fn panel(title: &str, bars: &[&[f64]]) -> TornadoPanel {
        let row = |(i, bars): (usize, &&[f64])| TornadoRow {
            key: format!("a.b{i}"),
            title: format!("Parameter {i}"),
            bars: bars.iter().map(|&b| (b, Some((b * 0.5, b * 1.5)))).collect(),
        };
        TornadoPanel {
            title: title.into(),
            unit: TornadoUnit::Points,
            rows: bars.iter().enumerate().map(row).collect(),
        }
    }

    /// The largest come first, what moves nothing is not drawn, and where policies are alike a row has one bar.
    #[test]
    fn the_largest_come_first() {
        let run = Fixture::plausible();
        let input = run.input();
        let few = crate::output::chart::ChartInput { policies: &input.policies[..2], ..input };
        let facts = Facts::new(&few);
        let panels = [
            panel("Apart", &[&[0.1, 0.2], &[0.0, 0.0], &[0.3, 0.1]]),
            panel("Alike", &[&[0.2, 0.2], &[0.1, 0.1]]),
            panel("Nothing", &[&[0.0, 0.0]]),
        ];
        let figure = draw(&facts, ("Title".into(), "Subtitle".into()), "an index", &panels, 5);
        let csv = figure.data.csv();
        let keys: Vec<&str> = csv.lines().skip(1).filter_map(|l| l.split(',').nth(1)).collect();
        assert_eq!(keys, ["a.b2", "a.b2", "a.b0", "a.b0", "a.b0", "a.b0", "a.b1", "a.b1"], "{csv}");
        assert!(
            figure.alt.contains("“Parameter 2”") && figure.alt.contains("30.0 (15.0 to 45.0) points"),
            "{}",
            figure.alt
        );
        let texts: Vec<String> = figure
            .sheet
            .marks()
            .iter()
            .filter_map(|m| {
                if let crate::output::chart::canvas::Mark::Text(_, _, text, _) = m { Some(text.clone()) } else { None }
            })
            .collect();
        assert!(texts.iter().any(|t| t == "Alike, in percentage points (the same under each policy)"), "{texts:?}");
        assert!(texts.iter().any(|t| t.starts_with("No parameter")), "{texts:?}");
    }
}
