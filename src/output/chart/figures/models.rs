//! Rows of `tables/utility`, for the figures of what purposes achieve by models.

use crate::output::chart::row_index::Interval;
use crate::output::lang::Lang;
use crate::utility::UtilityRow;

/// Rows of a model and metric.
pub fn of<'a>(rows: &'a [UtilityRow], model: &'a str, metric: &'a str) -> impl Iterator<Item = &'a UtilityRow> + 'a {
    rows.iter().filter(move |row| row.model == model && row.metric == metric)
}

/// A row's value and interval.
pub fn figure_of(row: &UtilityRow) -> (f64, Interval) {
    (row.value.as_f64(), row.spread.interval)
}

/// An id of an indicator or a kind of abuse, as words.
pub fn words(id: &str, lang: Lang) -> String {
    let known = match id {
        "all" => Some(("all abusive accounts", "tous les comptes abusifs")),
        "bulk_sender" => Some(("bulk sender", "envois en masse")),
        "group_spammer" => Some(("group spammer", "pollueur de groupes")),
        "clone_farm" => Some(("clone farm", "ferme de clones")),
        "slow_scammer" => Some(("slow scammer", "escroc patient")),
        "users_of_both" => Some(("users of both", "utilisateurs des deux")),
        "users_of_family" => Some(("users of either", "utilisateurs de l’un ou de l’autre")),
        "activity_of_both" => Some(("activity of both", "activité des deux")),
        _ => None,
    };
    known.map_or_else(|| id.replace('_', " "), |(en, fr)| lang.say(en, fr).to_owned())
}
