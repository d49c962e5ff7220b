//! Which categories reach the parent about how many people: a table of shares, shaded.

use super::{LOWER, UPPER, policy_name, with_ends};
use crate::exposure::ALL;
use crate::output::chart::canvas::{Anchor, Canvas, Face, label};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::Unit;
use crate::output::chart::layout::{shorten, wrap};
use crate::output::chart::row_index::{Facts, Interval};
use crate::output::chart::theme::{BODY, SMALL, Tone};
use crate::output::number::{MISSING, share_range};

/// Columns narrower than this get numbers for headings, which a list names.
const NARROW: f64 = 96.0;
const WIDEST: f64 = 190.0;
const LEADING: f64 = 16.5;
/// From a number to one that stands lower.
const STAGGER: f64 = 15.0;
/// From the share down to its interval.
const DOWN: f64 = 15.0;

/// A category, and the people about whom values of it reach the parent under any policy: the most, and all policies added.
type CategoryReach<'a> = (&'a str, String, (f64, f64));

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let (input, lang) = (facts.input, facts.lang());
    let data = ChartData::new(vec![
        column("category", "text", "category id, `all` for any"),
        column("policy", "text", "policy id"),
        column("people_exposed", "people", "people about whom at least one value of the category reaches the parent"),
        column("share", "share", "people_exposed / all people"),
        column("lo", "people", LOWER),
        column("hi", "people", UPPER),
    ]);
    let heading = Heading {
        topic: lang.say("What is held about whom, by category of data", "Ce qui est détenu et sur qui, par catégorie de données").to_owned(),
        detail: lang.fill(
            "Share of all people about whom at least one value of the category reaches the parent, for any purpose. {0}.",
            "Part de toutes les personnes dont au moins une valeur de la catégorie parvient à la maison mère, toutes finalités. {0}.",
            &[&facts.span()],
        ),
    };
    let mut figure = Figure::new(facts, "categories", heading, data);
    if input.policies.is_empty() || input.categories.is_empty() {
        return figure.nothing(lang.say(
            "No policy or no category: nothing to show.",
            "Aucune politique ou aucune catégorie : rien à montrer.",
        ));
    }
    let exposed = |category: &str, policy: &str| facts.get("people_exposed", policy, ALL, ALL, category);
    if !input.categories.iter().any(|c| input.policies.iter().any(|p| exposed(&c.id, &p.id).is_some())) {
        return figure.nothing(lang.say(
            "The run has no figures by category: nothing to show.",
            "Aucun chiffre par catégorie : rien à montrer.",
        ));
    }
    let rows = rows(facts, &exposed);
    let content = figure.content();
    let names: Vec<Vec<String>> = rows
        .iter()
        .map(|r| wrap(&r.1, content * if figure.is_narrow() { 0.45 } else { 0.28 }, BODY, false, 3))
        .collect();
    let face = label(BODY);
    let labels = names.iter().flatten().map(|line| face.width(line)).fold(0.0, f64::max) + 12.0;
    let width = ((content - labels) / input.policies.len() as f64).min(WIDEST);
    let left = figure.margin + labels;
    let two = facts.has_intervals() && width >= NARROW;
    let mut y = headings(facts, &mut figure, left, width);
    for (r, (category, ..)) in rows.iter().enumerate() {
        // The last row is not a category: it stands apart.
        y += if r + 1 == rows.len() { 8.0 } else { 0.0 };
        let height = (names[r].len() as f64 * LEADING + 9.0).max(if two { 41.0 } else { 27.0 });
        let first = y + height / 2.0 + BODY * 0.36 - LEADING * (names[r].len() as f64 - 1.0) / 2.0;
        figure.sheet.lines(left - 10.0, first, &names[r], LEADING, label(BODY).anchored(Anchor::End));
        for (i, policy) in input.policies.iter().enumerate() {
            let count = exposed(category, &policy.id);
            let interval = facts.interval("people_exposed", &policy.id, ALL, ALL, category);
            let share = count.map(|n| n / facts.people());
            let range = interval.map(|(lo, hi)| (lo / facts.people(), hi / facts.people())).filter(|_| two);
            field(facts, &mut figure.sheet, (left + width * i as f64, y, width, height), share, range);
            let [count, lo, hi] = with_ends(count, interval);
            figure.data.push(&[category, &policy.id], &[count, share, lo, hi]);
        }
        y += height;
    }
    figure.y = y + 4.0;
    figure.alt = finding(facts, &exposed);
    figure
}

/// Categories by the furthest reach under any policy, then by all together; equal ones stay in the order of the scenario.
fn rows<'a>(facts: &Facts<'a>, exposed: &dyn Fn(&str, &str) -> Option<f64>) -> Vec<CategoryReach<'a>> {
    let input = facts.input;
    let of = |id: &'a str| {
        let counts = || input.policies.iter().filter_map(|p| exposed(id, &p.id));
        (id, facts.called("category", id), (counts().fold(0.0, f64::max), counts().sum()))
    };
    let mut rows: Vec<CategoryReach> = input.categories.iter().map(|c| of(&c.id)).collect();
    rows.sort_by(|a, b| b.2.0.total_cmp(&a.2.0).then(b.2.1.total_cmp(&a.2.1)));
    rows.push((ALL, facts.called("category", ALL), (0.0, 0.0)));
    rows
}

/// A cell of the table.
fn field(
    facts: &Facts,
    sheet: &mut Canvas,
    (x, y, width, height): (f64, f64, f64, f64),
    share: Option<f64>,
    range: Interval,
) {
    let lang = facts.lang();
    let shade = share.unwrap_or(0.0);
    sheet.rect(x + 1.0, y + 1.0, width - 2.0, height - 2.0, Tone::Guide);
    sheet.rect(x + 1.75, y + 1.75, width - 3.5, height - 3.5, Tone::Scale(shade));
    let text = share.map_or(MISSING.to_owned(), |share| Unit::Share.written(share, lang));
    let small = Face::new(SMALL, Tone::OnScale(shade)).anchored(Anchor::Middle);
    let room = width - 6.0;
    // Where a number has no room the shade alone speaks, and the data have it.
    let face = if width < NARROW { small } else { Face { size: BODY, ..small } };
    let range = share_range(range.map(|(lo, hi)| (lo, hi.min(1.0))))
        .map(|text| lang.number(text))
        .filter(|text| small.width(text) <= room);
    let base = y + height / 2.0 + face.size * 0.36 - if range.is_some() { DOWN / 2.0 } else { 0.0 };
    if face.width(&text) <= room {
        sheet.text(x + width / 2.0, base, &text, face);
        sheet.text(x + width / 2.0, base + DOWN, &range.unwrap_or_default(), small);
    }
}

/// Names the columns; returns where the table starts.
fn headings(facts: &Facts, figure: &mut Figure, left: f64, width: f64) -> f64 {
    let n = facts.input.policies.len();
    let face = |i: usize| Face::new(BODY, Tone::Text(facts.hues[i])).bold().anchored(Anchor::Middle);
    let bottom = if width >= NARROW {
        let heads: Vec<_> = (0..n).map(|i| wrap(&policy_name(facts, i), width - 10.0, BODY, true, 4)).collect();
        let bottom = figure.y + heads.iter().map(Vec::len).max().unwrap_or(1) as f64 * LEADING;
        for (i, head) in heads.iter().enumerate() {
            let first = bottom - LEADING * (head.len() as f64 - 1.0);
            figure.sheet.lines(left + width * (i as f64 + 0.5), first, head, LEADING, face(i));
        }
        bottom
    } else {
        let stagger = width < 20.0;
        let mut y = figure.y + LEADING;
        for i in 0..n {
            let text = format!("{} {}", i + 1, policy_name(facts, i));
            let text = shorten(&text, figure.content(), BODY, true);
            figure.sheet.text(figure.margin, y, &text, face(i).anchored(Anchor::Start));
            y += LEADING;
        }
        for i in 0..n {
            // Where two numbers would meet, every other one stands lower.
            let down = if stagger && i % 2 == 1 { STAGGER } else { 0.0 };
            figure.sheet.text(left + width * (i as f64 + 0.5), y + 6.0 + down, &(i + 1).to_string(), face(i));
        }
        y + 6.0 + if stagger { STAGGER } else { 0.0 }
    };
    for i in 0..n {
        figure.sheet.rect(left + width * i as f64 + 1.0, bottom + 8.0, width - 2.0, 4.0, Tone::Fill(facts.hues[i]));
    }
    bottom + 14.0
}

fn finding(facts: &Facts, exposed: &dyn Fn(&str, &str) -> Option<f64>) -> String {
    let (input, lang) = (facts.input, facts.lang());
    let furthest = |c: &crate::output::chart::Named| {
        input.policies.iter().filter_map(|p| exposed(&c.id, &p.id)).fold(0.0, f64::max)
    };
    let best = input.categories.iter().map(furthest).fold(0.0, f64::max);
    if best <= 0.0 {
        return lang
            .say(
                "Table: no category reaches the parent about anyone.",
                "Tableau : aucune catégorie ne parvient à la maison mère.",
            )
            .to_owned();
    }
    let counts: Vec<String> = (0..input.policies.len())
        .take(4)
        .map(|i| {
            let some = input
                .categories
                .iter()
                .filter(|c| exposed(&c.id, &input.policies[i].id).is_some_and(|n| n > 0.0))
                .count();
            format!("“{}” {some}", policy_name(facts, i))
        })
        .collect();
    lang.fill(
        "Table: the category that reaches furthest is known of {0} of all people; of {1} categories the parent gets, under {2}.",
        "Tableau : la catégorie qui va le plus loin est connue de {0} de toutes les personnes ; sur {1} catégories, la maison mère en reçoit : {2}.",
        &[&Unit::Share.written(best / facts.people(), lang), &input.categories.len().to_string(), &counts.join(", ")],
    )
}
