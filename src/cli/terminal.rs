//! Words and numbers for the terminal.

use std::io::Write;

use super::Failure;
use crate::messages;

/// How long text on stdout waits for the lines on stderr that were said before it.
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(200);

/// A line on stderr; one that fails or does not take it is no reason to stop.
pub fn log(text: &str) {
    messages::line(text);
}

/// Text on stdout. A reader that went away (`| head`) is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    messages::flush_for(PATIENCE);
    let mut out = std::io::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Other(format!("can't write to standard output: {e}")))
        }
        _ => Ok(()),
    }
}

/// Whether stderr shows colour (NO_COLOR and terminals are respected).
pub fn stderr_has_colour() -> bool {
    anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}

/// A word for a shell: quoted if it needs it.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.into() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// A count in three significant digits with its unit of size: 1.24 bn.
pub fn short(n: f64) -> String {
    let (value, unit) = match n {
        n if n >= 1e12 => (n / 1e12, " tn"),
        n if n >= 1e9 => (n / 1e9, " bn"),
        n if n >= 1e6 => (n / 1e6, " M"),
        n if n >= 1e4 => (n / 1e3, " k"),
        n => return format!("{n:.0}"),
    };
    let digits = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    format!("{value:.digits$}{unit}")
}

/// A size: 4.3 GB.
pub fn bytes(n: u64) -> String {
    let n = n as f64;
    if n >= 1e9 { format!("{:.1} GB", n / 1e9) } else { format!("{:.0} MB", (n / 1e6).max(1.0)) }
}

/// A table with aligned columns: the first `left` columns to the left, the others to the right.
pub fn table(head: &[&str], rows: &[Vec<String>], left: usize) -> String {
    let width: Vec<usize> = (0..head.len())
        .map(|c| rows.iter().map(|r| r[c].chars().count()).chain([head[c].chars().count()]).max().unwrap_or(0))
        .collect();
    let line = |cells: Vec<&str>| {
        let cells = cells.iter().zip(&width).enumerate().map(|(c, (cell, width))| {
            let pad = " ".repeat(width - cell.chars().count());
            if c < left { format!("{cell}{pad}") } else { format!("{pad}{cell}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_string() + "\n"
    };
    let rule: usize = width.iter().sum::<usize>() + 2 * (width.len() - 1);
    let mut text = line(head.to_vec()) + &"-".repeat(rule) + "\n";
    for row in rows {
        text += &line(row.iter().map(String::as_str).collect());
    }
    text
}

/// A table whose cells are wrapped to the width of the terminal (100 columns if there is none); cells may have lines.
pub fn wrapped(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut table = comfy_table::Table::new();
    table
        .load_preset(comfy_table::presets::NOTHING)
        .set_style(comfy_table::TableComponent::HeaderLines, '-')
        .set_content_arrangement(comfy_table::ContentArrangement::Dynamic)
        .set_width(width())
        .set_header(head)
        .add_rows(rows);
    table.lines().map(|line| line.trim_end().to_string() + "\n").collect()
}

fn width() -> u16 {
    terminal_size::terminal_size().map_or(100, |(width, _)| width.0.clamp(60, 160))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(
            [0.0, 999.0, 12_345.0, 1_240_000_000.0, 55e9].map(short),
            ["0", "999", "12.3 k", "1.24 bn", "55.0 bn"]
        );
    }

    #[test]
    fn words_are_quoted_when_needed() {
        assert_eq!(quoted("a.b=3"), "a.b=3");
        assert_eq!(quoted("it's"), "'it'\\''s'");
    }
}
