//! What share of each population the parent holds something about: three columns, one block per purpose.

use super::canvas::{Face, label};
use super::data::{ChartData, column};
use super::figure::Figure;
use super::layout::shorten;
use super::number::{MISSING, count, grouped, percent};
use super::row_index::{Facts, Interval, POPULATIONS};
use super::rows::{RowLabels, panels};
use super::theme::{self, AXIS, BODY, CONTENT, MARGIN, MUTED, SMALL, SUBTITLE, TRACK};
use crate::exposure::ALL;

const BAR: f64 = 16.0;
/// With more rows than this only the block of all purposes is drawn.
const MOST_ROWS: usize = 60;

/// A population under a policy for a purpose.
#[derive(Clone, Copy, Default)]
struct GroupReached {
    exposed: Option<f64>,
    group: Option<f64>,
    /// Interval of the share.
    interval: Interval,
}

impl GroupReached {
    /// Share of the group; none of an empty group.
    fn share(self) -> Option<f64> {
        match (self.exposed, self.group) {
            (Some(e), Some(g)) if g > 0.0 => Some(e / g),
            _ => None,
        }
    }

    fn text(self) -> String {
        match (self.share(), self.exposed, self.group) {
            (Some(s), Some(e), _) => format!("{} · {}", percent(s), count(e)),
            (None, _, Some(0.0)) => "nobody here".to_owned(),
            (None, Some(e), _) => count(e),
            _ => MISSING.to_owned(),
        }
    }
}

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let input = facts.input;
    let data = ChartData::new(vec![
        column("purpose", "text", "purpose id, `all` for any"),
        column("policy", "text", "policy id"),
        column("population", "text", "not_objecting, objecting or non_user"),
        column(
            "people_exposed",
            "people",
            "people of this population about whom at least one value reaches the parent",
        ),
        column("people", "people", "people of this population"),
        column("share", "share", "people_exposed / people; empty if the population is"),
        column("share_lo", "share", "lower end of the 95 % interval of the share over worlds; empty if there is one"),
        column("share_hi", "share", "upper end of it"),
    ]);
    let mut blocks = facts.purposes_and_all();
    // A figure that nobody can take in is cut to its summary, and says so.
    let short = blocks.len() * input.policies.len() > MOST_ROWS;
    if short {
        blocks.truncate(1);
    }
    let mut figure = Figure::new(
        facts,
        "people-reached",
        "How many users, and how many people who never joined, each policy reaches".to_owned(),
        format!(
            "Share and number of people about whom at least one value reaches the parent. Users who object would do so if offered \
             the choice: to that purpose; under “Any purpose”, to at least one. {}.{}",
            facts.span(),
            if short { " Each purpose by itself: see the tables of the run." } else { "" }
        ),
        data,
    );
    if short {
        figure.leave_out("purposes", 0, input.purposes.len());
    }
    if input.policies.is_empty() {
        return figure.nothing("No policy: nothing to show.");
    }
    let none = |q: &str| {
        input.policies.iter().all(|p| POPULATIONS.iter().all(|g| reach(facts, &p.id, q, g.0).exposed.is_none()))
    };
    if blocks.iter().all(|b| none(b.0)) {
        return figure.nothing("The run has no figures by population: nothing to show.");
    }
    let labels = RowLabels::new(input.policies, 170.0);
    let (lefts, width) = panels(POPULATIONS.len(), labels.width);
    let number = label(BODY);
    let room = blocks
        .iter()
        .flat_map(|q| input.policies.iter().map(move |p| (q, p)))
        .flat_map(|(q, p)| POPULATIONS.iter().map(move |g| reach(facts, &p.id, q.0, g.0)))
        .map(|r| number.width(&r.text()))
        .fold(0.0, f64::max)
        + 8.0;
    let full = (width - room).max(10.0);

    for (n, (purpose, title)) in blocks.iter().enumerate() {
        let y = figure.y + if n == 0 { 14.0 } else { 36.0 };
        figure.sheet.text(MARGIN, y, &shorten(title, CONTENT, SUBTITLE, true), label(SUBTITLE).bold());
        let heads = y + 21.0;
        let top = heads + 9.0;
        for (k, (population, name)) in POPULATIONS.iter().enumerate() {
            let x = lefts[k];
            let people = input.policies.iter().find_map(|p| reach(facts, &p.id, purpose, population).group);
            let head = people.map_or((*name).to_owned(), |g| format!("{name} · {}", count(g)));
            figure.sheet.text(x, heads, &shorten(&head, width, SMALL, false), Face::new(SMALL, MUTED));
            for (i, policy) in input.policies.iter().enumerate() {
                let y = top + labels.row * (i as f64 + 0.5);
                if k == 0 {
                    labels.draw(&mut figure.sheet, i, y);
                }
                let r = reach(facts, &policy.id, purpose, population);
                let share = r.share();
                if share.is_some() {
                    figure.sheet.rect(x, y - BAR / 2.0, full, BAR, TRACK);
                }
                figure.sheet.rect(x, y - BAR / 2.0, full * share.unwrap_or(0.0).min(1.0), BAR, theme::policy(i));
                if let Some((lo, hi)) = r.interval.filter(|_| share.is_some()) {
                    figure.sheet.whisker((x + full * lo, x + full * hi), y);
                }
                let at = if share.is_some() { x + full + 6.0 } else { x + 6.0 };
                figure.sheet.text(at, y + BODY * 0.36, &r.text(), number);
                figure.data.push(
                    &[purpose, &policy.id, population],
                    &[r.exposed, r.group, share, r.interval.map(|i| i.0), r.interval.map(|i| i.1)],
                );
            }
            let bottom = top + labels.row * input.policies.len() as f64;
            figure.sheet.line(&[(x, top), (x, bottom)], 1.0, AXIS);
        }
        figure.y = top + labels.row * input.policies.len() as f64;
    }
    figure.y += 6.0;
    figure.alt = finding(facts);
    figure
}

fn reach(facts: &Facts, policy: &str, purpose: &str, population: &str) -> GroupReached {
    GroupReached {
        exposed: facts.get("people_exposed", policy, purpose, population, ALL),
        group: facts.get("people", policy, purpose, population, ALL),
        interval: facts.interval("coverage_of_group", policy, purpose, population, ALL),
    }
}

fn finding(facts: &Facts) -> String {
    let input = facts.input;
    let outsiders: Vec<(f64, f64, &str)> = input
        .policies
        .iter()
        .filter_map(|p| {
            let r = reach(facts, &p.id, ALL, "non_user");
            Some((r.share()?, r.exposed?, p.title.as_str()))
        })
        .collect();
    let most = outsiders.iter().copied().reduce(|a, b| if b.0 > a.0 { b } else { a });
    let least = outsiders.iter().copied().reduce(|a, b| if b.0 < a.0 { b } else { a });
    let (Some(most), Some(least)) = (most, least) else {
        return "Bar chart: the share of each population about whom the parent holds something, by policy and purpose."
            .to_owned();
    };
    if most.1 <= 0.0 {
        return "Bar chart: no policy reaches anyone who never joined.".to_owned();
    }
    let mut text = format!(
        "Bar chart: “{}” reaches {} of the people who never joined ({})",
        most.2,
        percent(most.0),
        grouped(most.1.round() as u64)
    );
    if least.0 < most.0 {
        text += &format!("; “{}” reaches {} of them", least.2, percent(least.0));
    } else if outsiders.len() > 1 {
        text += ", and so does every other policy";
    }
    let objecting =
        input.policies.iter().filter_map(|p| reach(facts, &p.id, ALL, "objecting").share()).reduce(f64::max);
    if let Some(share) = objecting {
        text += &format!("; of the users who object, policies reach up to {}", percent(share));
    }
    text + "."
}
