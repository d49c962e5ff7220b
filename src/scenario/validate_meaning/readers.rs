//! Ids that programs which read CSV take for something else: a missing value, a number, a day, a formula.
//!
//! What pandas and Excel do is held by `tests/csv_ids.py`, with pandas itself.

use super::Checker;
use crate::scenario::schema;
use crate::scenario::source::Path;

/// Texts that pandas (and R, of `NA`) read as "no value", of those that can be an id.
const MISSING: [&str; 8] = ["NA", "NULL", "NaN", "None", "nan", "null", "-nan", "-NaN"];
/// Months, from whose names Excel makes days: `sept2`, `1-mar`.
const MONTHS: [&str; 14] =
    ["jan", "feb", "mar", "march", "apr", "april", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov"];

/// What becomes of an id, and how to read it as it is.
pub fn misread(id: &str) -> Option<(&'static str, &'static str)> {
    let pandas = "choose another, or read with pandas.read_csv(..., keep_default_na=False, na_values=[\"\"])";
    let as_text = "choose one that begins with a letter, or have the column read as text: pandas.read_csv(..., dtype=str), in Excel \
                   Data > From Text/CSV";
    let lower = id.to_ascii_lowercase();
    if MISSING.contains(&id) {
        return Some(("pandas reads it as a missing value", pandas));
    }
    if ["true", "false"].contains(&lower.as_str()) {
        return Some(("Excel reads it as true or false, pandas where all of a column are such", as_text));
    }
    if number(&lower) {
        return Some(("Excel reads it as a number, pandas where all of a column are numbers", as_text));
    }
    if ["inf", "infinity"].contains(&lower.trim_start_matches(['-', '+'])) {
        return Some(("pandas reads it as a number where all of a column are numbers", as_text));
    }
    if id.starts_with(['-', '+']) {
        return Some(("Excel reads it as a formula", as_text));
    }
    day(&lower).then_some(("Excel reads it as a day", as_text))
}

/// `-1.5e5`, `.5`, `007`.
fn number(id: &str) -> bool {
    let unsigned = id.strip_prefix(['-', '+']).unwrap_or(id);
    unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && !unsigned.contains('_')
        && unsigned.parse::<f64>().is_ok()
}

/// `2016-09`, `1-2`, `mar1`, `sept-2`, `5-jan-2018`.
fn day(id: &str) -> bool {
    let few_digits = |part: &str| (1..=4).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit());
    let month = |part: &str| {
        MONTHS.contains(&part) || ["december", "dec", "january", "february", "june", "july"].contains(&part)
    };
    let parts: Vec<&str> = id.split('-').collect();
    match parts[..] {
        [one] => {
            let letters = one.len() - one.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
            let digits = one.len() - one.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            month(&one[..letters]) && few_digits(&one[letters..]) || few_digits(&one[..digits]) && month(&one[digits..])
        }
        [a, b] | [a, b, _] if parts.iter().all(|p| few_digits(p) || month(p)) => {
            // Of numbers alone one has to be a month.
            let small = |part: &str| part.parse::<u32>().is_ok_and(|n| (1..=12).contains(&n));
            month(a) || month(b) || small(a) || small(b)
        }
        _ => false,
    }
}

impl Checker<'_> {
    /// A warning for each id that ends in a column of a table and that a reader takes for something else.
    pub(super) fn readers(&mut self, file: &schema::File) {
        let lists: [(&str, &str, Vec<&str>); 7] = [
            ("category", "id", file.categories.iter().map(|x| x.id.as_str()).collect()),
            ("purpose", "id", file.purposes.iter().map(|x| x.id.as_str()).collect()),
            ("jurisdiction", "code", file.jurisdictions.iter().map(|x| x.code.as_str()).collect()),
            ("policy", "id", file.policies.iter().map(|x| x.id.as_str()).collect()),
            ("order", "id", file.orders.iter().map(|x| x.id.as_str()).collect()),
            ("age_band", "id", file.age_bands.iter().map(|x| x.id.as_str()).collect()),
            ("abuse_class", "id", file.abuse_classes.iter().map(|x| x.id.as_str()).collect()),
        ];
        for (table, key, ids) in lists {
            for (i, id) in ids.into_iter().enumerate() {
                if let Some((what, help)) = misread(id) {
                    let path = Path::root().key(table).index(i).key(key);
                    let message = format!("{table} `{id}` is not read back from CSV as it is");
                    self.warning(&path, message, what, help.into());
                    self.hint("tables are written as Parquet too, from which every reader gets the id as it is");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_readers_take_for_something_else_is_known() {
        for (id, what) in [
            ("NA", "missing"),
            ("nan", "missing"),
            ("null", "missing"),
            ("None", "missing"),
            ("true", "true or false"),
            ("False", "true or false"),
            ("1e5", "number"),
            ("007", "number"),
            ("+1", "number"),
            (".5", "number"),
            ("inf", "number"),
            ("2016-09", "day"),
            ("1-2", "day"),
            ("mar1", "day"),
            ("SEPT-2", "day"),
            ("5-jan-2018", "day"),
            ("-x", "formula"),
        ] {
            assert!(misread(id).is_some_and(|(said, _)| said.contains(what)), "{id}");
        }
        for id in [
            "FR",
            "ROW",
            "none",
            "Nan",
            "NAM",
            "cnil-2017",
            "2016-policy",
            "opt-out-2016",
            "e5",
            "1e",
            "a-x",
            "may",
            "x1-2",
            "v1.2",
        ] {
            assert_eq!(misread(id), None, "{id}");
        }
    }
}
