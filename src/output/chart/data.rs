//! The data behind a figure: a small table with units, written as CSV and described as JSON.

use serde_json::{Value, json};

use crate::output::number::exact;

/// A column of the data file.
#[derive(Clone, Copy, Debug)]
pub struct DataColumn {
    /// Header.
    pub name: &'static str,
    /// Unit, or "text" or "date".
    pub unit: &'static str,
    /// What it holds.
    pub about: &'static str,
}

/// Columns of ids, and what their titles and places are called.
const NAMED: [(&str, &str, &str); 6] = [
    ("purpose", "purpose_title", "purpose_place"),
    ("policy", "policy_title", "policy_place"),
    ("population", "population_title", "population_place"),
    ("category", "category_title", "category_place"),
    ("order", "order_title", "order_place"),
    ("resolution", "resolution_title", "resolution_place"),
];

/// Shorthand for a column.
pub const fn column(name: &'static str, unit: &'static str, about: &'static str) -> DataColumn {
    DataColumn { name, unit, about }
}

/// A table of what is drawn.
#[derive(Clone, Debug, Default)]
pub struct ChartData {
    columns: Vec<DataColumn>,
    rows: Vec<Vec<String>>,
}

impl ChartData {
    /// An empty table.
    pub fn new(columns: Vec<DataColumn>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row: texts first, then numbers, as the columns say. A number that is not there is an empty field.
    pub fn push(&mut self, texts: &[&str], numbers: &[Option<f64>]) {
        let numbers = numbers.iter().map(|n| n.map(exact).unwrap_or_default());
        self.rows.push(texts.iter().map(|t| (*t).to_owned()).chain(numbers).collect());
    }

    /// Adds, behind all others, a title and a place for each column of ids that `title` knows: what a reader calls it, and which of them comes first, second, ... as drawn.
    pub fn name_ids(&mut self, title: impl Fn(&str, &str) -> Option<String>) {
        for (ids, titles, places) in NAMED {
            let Some(at) = self.columns.iter().position(|column| column.name == ids) else { continue };
            let mut seen: Vec<String> = Vec::new();
            let mut known = false;
            let added: Vec<[String; 2]> = self
                .rows
                .iter()
                .map(|row| {
                    let id = row.get(at).map_or("", String::as_str);
                    let place = seen.iter().position(|other| other == id).unwrap_or_else(|| {
                        seen.push(id.to_owned());
                        seen.len() - 1
                    });
                    let title = title(ids, id);
                    known |= title.is_some();
                    [title.unwrap_or_else(|| id.to_owned()), (place + 1).to_string()]
                })
                .collect();
            if known {
                self.columns.push(column(titles, "text", "what a reader calls it"));
                self.columns.push(column(places, "place", "which comes first, second, ... as drawn"));
                self.rows.iter_mut().zip(added).for_each(|(row, added)| row.extend(added));
            }
        }
    }

    /// The table as CSV (RFC 4180, with `\n`).
    pub fn csv(&self) -> String {
        let mut out = self.columns.iter().map(|c| c.name).collect::<Vec<_>>().join(",");
        out.push('\n');
        for row in &self.rows {
            out.push_str(&row.iter().map(|f| field(f)).collect::<Vec<_>>().join(","));
            out.push('\n');
        }
        out
    }

    /// The columns as JSON.
    pub fn describe(&self) -> Value {
        self.columns.iter().map(|c| json!({ "name": c.name, "unit": c.unit, "description": c.about })).collect()
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }
}

fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_when_they_must_be() {
        let mut d = ChartData::new(vec![column("a", "text", "a"), column("b", "people", "b")]);
        d.push(&["x, \"y\""], &[Some(1234567890.0)]);
        d.push(&["z"], &[None]);
        d.push(&["z"], &[Some(f64::NAN)]);
        assert_eq!(d.csv(), "a,b\n\"x, \"\"y\"\"\",1234567890\nz,\nz,\n");
    }

    #[test]
    fn ids_have_titles_and_places() {
        let mut d = ChartData::new(vec![column("policy", "text", "a"), column("phase", "text", "b")]);
        for policy in ["q", "p", "q"] {
            d.push(&[policy, "grace"], &[]);
        }
        d.name_ids(|column, id| (column == "policy").then(|| id.to_uppercase()));
        assert_eq!(d.csv(), "policy,phase,policy_title,policy_place\nq,grace,Q,1\np,grace,P,2\nq,grace,Q,1\n");
    }
}
