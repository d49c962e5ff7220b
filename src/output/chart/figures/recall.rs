//! How many abusive accounts are found, against how much the parent is told: policies, and the best that any subset of categories reaches.

use super::models::{figure_of, of};
use super::{PolicyPlace, ends, policy_name, with_ends};
use crate::exposure::ALL;
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Line, LinePanel, Lines, Unit, XAxis, lines};
use crate::output::chart::hues;
use crate::output::chart::row_index::{Facts, Interval};

/// A policy on the figure.
struct Point<'a> {
    place: PolicyPlace,
    id: &'a str,
    categories: f64,
    recall: (f64, Interval),
}

/// The subset of some size with the highest recall: size, categories, recall.
type BestSubset<'a> = (f64, &'a str, (f64, Interval));

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let lang = facts.lang();
    let mut columns = vec![
        column(
            "what",
            "text",
            "policy; or the subset of so many categories, told about everybody, with the highest recall",
        ),
        column("policy", "text", "policy id; empty for subsets"),
        column("subset", "text", "categories of the subset; empty for policies"),
        column("categories", "categories", "mean number of categories that are told about a user for security"),
        column("recall", "share", "abusive accounts that are found / all abusive accounts"),
    ];
    columns.extend(ends("share"));
    let (points, front) = (points(facts), front(facts));
    let heading = Heading {
        topic: lang.say("How many abusive accounts are found, by how much the parent is told", "Combien de comptes abusifs sont trouvés, selon ce qui est dit à la maison mère").to_owned(),
        detail: lang.fill(
            "Share of abusive accounts that are found where as many ordinary ones are banned by mistake under each policy. Line: the best subset of each size, told about everybody. {0}.",
            "Part des comptes abusifs trouvés, à nombre égal de comptes ordinaires bannis à tort sous chaque politique. Courbe : le meilleur sous-ensemble de chaque taille, dit de tous. {0}.",
            &[&facts.span()],
        ),
    };
    let mut figure = Figure::new(facts, "security-recall", heading, ChartData::new(columns));
    let (Some(first), Some(last)) = (front.first(), front.last()) else {
        return figure.nothing(lang.say(
            "Nothing is known of subsets: nothing to show.",
            "Rien n’est connu des sous-ensembles : rien à montrer.",
        ));
    };
    let mut drawn = vec![Line {
        name: lang.say("best subset of each size", "meilleur sous-ensemble de chaque taille").to_owned(),
        hue: hues::PLAIN,
        points: front.iter().map(|of| (of.0, of.2.0)).collect(),
        band: front.iter().filter_map(|of| Some((of.0, of.2.1?))).collect(),
        dots: false,
    }];
    for (categories, subset, (recall, interval)) in &front {
        let [recall, lo, hi] = with_ends(Some(*recall), *interval);
        figure.data.push(&["subset", "", subset], &[Some(*categories), recall, lo, hi]);
    }
    for point in &points {
        let (recall, interval) = point.recall;
        drawn.push(Line {
            name: format!("{}: {}", policy_name(facts, point.place), Unit::Share.written(recall, lang)),
            hue: facts.hues[point.place],
            points: vec![(point.categories, recall)],
            band: interval.map(|ends| (point.categories, ends)).into_iter().collect(),
            dots: true,
        });
        let [recall, lo, hi] = with_ends(Some(recall), interval);
        figure.data.push(&["policy", point.id, ""], &[Some(point.categories), recall, lo, hi]);
    }
    let most = points.iter().map(|of| of.categories).fold(last.0, f64::max).max(1.0);
    let form = Lines {
        panels: vec![LinePanel { lines: drawn, ..LinePanel::default() }],
        x: XAxis::Values(0.0, most),
        x_name: lang
            .say(
                "categories told about an average user, for security",
                "catégories dites d’un utilisateur moyen, pour la sécurité",
            )
            .to_owned(),
        unit: Unit::Share,
        one_scale: true,
        most: None,
    };
    lines::draw(&mut figure, lang, &form, &|x| lang.number(format!("{x}")));
    figure.alt = lang.fill(
        "Scatter plot: the service alone finds {0} of abusive accounts, and {1} if all {2} categories are told about everybody.",
        "Nuage de points : le service seul trouve {0} des comptes abusifs, et {1} si les {2} catégories sont dites de tous.",
        &[&Unit::Share.written(first.2.0, lang), &Unit::Share.written(last.2.0, lang), &format!("{}", last.0)],
    );
    figure
}

fn points<'a>(facts: &Facts<'a>) -> Vec<Point<'a>> {
    let rows = facts.input.utility;
    let of_policy = |(place, policy): (usize, &'a crate::output::chart::Named)| {
        let find = |metric| of(rows, "security", metric).find(|row| row.policy == policy.id && &*row.indicator == ALL);
        let recall = of(rows, "security", "recall")
            .find(|row| row.policy == policy.id && &*row.indicator == ALL && &*row.parameter == "form=exact")?;
        Some(Point {
            place,
            id: &policy.id,
            categories: find("categories_per_user")?.value.as_f64(),
            recall: figure_of(recall),
        })
    };
    facts.input.policies.iter().enumerate().filter_map(of_policy).collect()
}

/// The subset of each size with the highest recall.
fn front<'a>(facts: &Facts<'a>) -> Vec<BestSubset<'a>> {
    let mut best: Vec<BestSubset> = Vec::new();
    for row in of(facts.input.utility, "necessity", "recall") {
        let size = if &*row.indicator == "nothing" { 0 } else { row.indicator.split('+').count() };
        let here = (size as f64, &*row.indicator, figure_of(row));
        match best.iter_mut().find(|of| of.0 == here.0) {
            Some(of) if here.2.0 > of.2.0 => *of = here,
            Some(_) => {}
            None => best.push(here),
        }
    }
    best.sort_by(|a, b| a.0.total_cmp(&b.0));
    best
}
