//! What each category adds to finding abusive accounts.

use super::models::{figure_of, of};
use super::{ends, with_ends};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Bar, BarPanel, BarStyle, Bars, Unit, bars};
use crate::output::chart::hues;
use crate::output::chart::row_index::{Facts, Interval};
use crate::output::chart::theme::Tone;

/// Draws the figure.
pub fn draw(facts: &Facts) -> Figure {
    let lang = facts.lang();
    let mut columns = vec![
        column("category", "text", "category"),
        column(
            "shapley_value",
            "share",
            "what it adds to the share of abusive accounts that are found, over all orders in which categories might be told",
        ),
    ];
    columns.extend(ends("share"));
    let heading = Heading {
        topic: lang.say("What each category adds to the share of abusive accounts found", "Ce que chaque catégorie ajoute à la part des comptes abusifs trouvés").to_owned(),
        detail: lang.fill(
            "Percentage points, as the Shapley value over all subsets of the categories: a category’s mean gain over all orders in which they might be told. {0}.",
            "Points de pourcentage, valeur de Shapley sur tous les sous-ensembles de catégories : gain moyen d’une catégorie sur tous les ordres où elles pourraient être dites. {0}.",
            &[&facts.span()],
        ),
    };
    let mut figure = Figure::new(facts, "security-categories", heading, ChartData::new(columns));
    let mut added: Vec<(&str, (f64, Interval))> =
        of(facts.input.utility, "necessity", "shapley_value").map(|row| (&*row.indicator, figure_of(row))).collect();
    if added.is_empty() {
        return figure.nothing(lang.say(
            "Nothing is known of categories: nothing to show.",
            "Rien n’est connu des catégories : rien à montrer.",
        ));
    }
    added.sort_by(|a, b| b.1.0.total_cmp(&a.1.0));
    let mut rows = Vec::new();
    for (id, (value, interval)) in &added {
        let text = Unit::Points.within(*value, *interval, lang);
        rows.push(Bar::new(facts.called("category", id), Tone::Fill(hues::PLAIN), (Some(*value), *interval), text));
        figure.data.push(&[id], &with_ends(Some(*value), *interval));
    }
    let panels = vec![BarPanel { head: String::new(), rows }];
    bars::draw(&mut figure, lang, &Bars { panels, unit: Unit::Points, style: BarStyle::Bar, whole: None });
    let none = added.iter().filter(|bar| bar.1.0.abs() < 5e-4).count();
    figure.alt = lang.fill(
        "Bar chart: {0} adds most, {1} points; {2} of {3} categories add less than a tenth of a point.",
        "Barres : {0} ajoute le plus, {1} points ; {2} catégories sur {3} ajoutent moins d’un dixième de point.",
        &[
            &facts.called("category", added[0].0),
            &Unit::Points.written(added[0].1.0, lang),
            &none.to_string(),
            &added.len().to_string(),
        ],
    );
    figure
}
