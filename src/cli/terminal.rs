//! Words and numbers for the terminal.

use std::io::{IsTerminal, Write};

use super::Failure;
use crate::cli::messages;
use crate::scenario::{lines, one_line};

/// How long text on stdout waits for the lines on stderr that were said before it.
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(200);

/// A line on stderr; one that fails or does not take it is no reason to stop.
pub fn log(text: &str) {
    messages::line(text);
}

/// Text for people on stdout: what a terminal would obey in it is shown instead. Texts of users that have one line are to be
/// passed through [`title`] before.
pub fn print(text: &str) -> Result<(), Failure> {
    write(&lines(text))
}

/// Text for programs on stdout: as it is, unless a terminal would obey it.
pub fn print_data(text: &str) -> Result<(), Failure> {
    if std::io::stdout().is_terminal() { print(text) } else { write(text) }
}

/// A reader that went away (`| head`) is no failure.
fn write(text: &str) -> Result<(), Failure> {
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

/// Most characters of a title on a terminal: some lines of it.
const MOST_OF_TITLE: usize = 300;

/// Most characters of a cell that is wrapped: nobody reads more of it there, and wrapping takes its time.
const MOST_OF_CELL: usize = 4000;

/// A user's text on one line. On a terminal a very long one is cut.
pub fn title(text: &str) -> String {
    cut(&one_line(text), if std::io::stdout().is_terminal() { MOST_OF_TITLE } else { usize::MAX })
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}... ({} characters)", &text[..end], text.chars().count()),
        None => text.to_owned(),
    }
}

/// A table with aligned columns: the first `left` columns to the left, the others to the right. On a terminal that is too
/// narrow for it cells are wrapped; elsewhere every row is one line.
pub fn table(head: &[&str], rows: &[Vec<String>], left: usize) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|r| r.iter().map(|cell| title(cell)).collect()).collect();
    let whole = aligned(head, &rows, left);
    match terminal_width() {
        Some(width) if whole.lines().any(|l| l.chars().count() > usize::from(width)) => {
            let mut narrow = arranged(head, &rows, width);
            for (index, column) in narrow.column_iter_mut().enumerate().skip(left) {
                debug_assert!(index < head.len());
                column.set_cell_alignment(comfy_table::CellAlignment::Right);
            }
            trimmed(&narrow)
        }
        _ => whole,
    }
}

fn aligned(head: &[&str], rows: &[Vec<String>], left: usize) -> String {
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
    let rows: Vec<Vec<String>> = rows.iter().map(|r| r.iter().map(|cell| lines(cell)).collect()).collect();
    trimmed(&arranged(head, &rows, terminal_width().map_or(100, |width| width.clamp(40, 160))))
}

fn arranged(head: &[&str], rows: &[Vec<String>], width: u16) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table
        .load_preset(comfy_table::presets::NOTHING)
        .set_style(comfy_table::TableComponent::HeaderLines, '-')
        .set_content_arrangement(comfy_table::ContentArrangement::Dynamic)
        .set_width(width)
        .set_header(head)
        .add_rows(rows.iter().map(|row| row.iter().map(|cell| cut(cell, MOST_OF_CELL))));
    table
}

fn trimmed(table: &comfy_table::Table) -> String {
    table.lines().map(|line| line.trim_end().to_string() + "\n").collect()
}

/// Columns of the terminal that stdout is; none if it is something else, whatever stderr is.
fn terminal_width() -> Option<u16> {
    let out = std::io::stdout();
    // One that does not say how wide it is has 80 columns, as terminals had.
    out.is_terminal().then(|| terminal_size::terminal_size_of(&out).map_or(80, |(width, _)| width.0.max(20)))
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
    fn tables_fit_their_terminal() {
        let head = ["policy", "purpose", "values"];
        let long = "x".repeat(64);
        let rows = vec![vec![long.clone(), long.clone(), "1.24 bn".into()], vec!["a".into(), "b".into(), "0".into()]];
        assert!(aligned(&head, &rows, 2).lines().all(|l| l.chars().count() <= 64 + 2 + 64 + 2 + 7));
        for width in [40, 80, 120] {
            let text = trimmed(&arranged(&head, &rows, width));
            assert!(text.lines().all(|l| l.chars().count() <= usize::from(width)), "{text}");
            // Nothing is lost by wrapping.
            assert_eq!(text.matches('x').count(), 128, "{text}");
        }
        assert_eq!(cut(&"é".repeat(20_000), 300).chars().count(), 300 + "... (20000 characters)".len());
        assert_eq!(cut("short", 300), "short");
    }

    #[test]
    fn words_are_quoted_when_needed() {
        assert_eq!(quoted("a.b=3"), "a.b=3");
        assert_eq!(quoted("it's"), "'it'\\''s'");
    }
}
