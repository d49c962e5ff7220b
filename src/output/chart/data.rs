//! The data behind a figure: a small table with units, written as CSV and described as JSON.

use serde_json::{Value, json};

use super::number::exact;

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
}
