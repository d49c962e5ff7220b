//! Draws diagnostics for a terminal: file, line and column, the line itself, what is wrong in it, help, hint.

use std::fmt;
use std::sync::Arc;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};

use super::{Diagnostic, Severity, lines, one_line};
use crate::scenario::letters::hidden;
use crate::scenario::place::{Place, Text};

/// More than these only scroll the first, which matter most, off the screen.
const MOST_SHOWN: usize = 20;
/// Longest line shown whole; of a longer one a window around the place is shown.
const MOST_COLUMNS: usize = 160;
/// Columns of a cut line before the place.
const COLUMNS_BEFORE: usize = 40;
/// Columns at which messages and help wrap.
const WIDTH: usize = 110;
/// Longest message or help.
const MOST_TEXT: usize = 2000;

/// Draws diagnostics in the order of their places, and a last line that counts them.
///
/// With colour, lines are drawn in Unicode; without, in ASCII.
pub fn render(diagnostics: &[Diagnostic], colour: bool) -> String {
    let mut sources: Vec<&str> = Vec::new();
    for place in diagnostics.iter().filter_map(|d| d.place.as_ref()) {
        if !sources.contains(&place.source.name.as_str()) {
            sources.push(&place.source.name);
        }
    }
    let position = |d: &Diagnostic| {
        d.place.as_ref().map(|p| (sources.iter().position(|s| *s == p.source.name), p.span.start, p.span.end))
    };
    let mut shown: Vec<&Diagnostic> = diagnostics.iter().collect();
    shown.sort_by_key(|d| (d.severity, position(d)));
    // No warning may push an error out.
    shown.truncate(MOST_SHOWN);
    shown.sort_by_key(|d| position(d));

    let handler = handler(colour);
    let mut out = String::new();
    for diagnostic in &shown {
        draw(&handler, diagnostic, colour, &mut out);
        out.push('\n');
    }
    let all: usize = diagnostics.iter().map(|d| 1 + d.untold as usize).sum();
    if all > shown.len() {
        out.push_str(&format!("... and {} more\n", all - shown.len()));
    }
    out.push_str(&count(diagnostics, &sources));
    out
}

fn handler(colour: bool) -> GraphicalReportHandler {
    let mut theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::none() };
    if !colour {
        // One row of carets is easier to read than carets around a bar.
        theme.characters.underbar = theme.characters.underline;
    }
    theme.characters.error = "error:".to_owned();
    theme.characters.warning = "warning:".to_owned();
    theme.characters.advice = "note:".to_owned();
    GraphicalReportHandler::new_themed(theme).with_width(WIDTH).with_context_lines(0)
}

fn count(diagnostics: &[Diagnostic], sources: &[&str]) -> String {
    let words = |n: usize, word: &str| match n {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    let of = |severity| diagnostics.iter().filter(|d| d.severity == severity).map(|d| 1 + d.untold as usize).sum();
    let parts = [words(of(Severity::Error), "error"), words(of(Severity::Warning), "warning")];
    let counted = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    match sources {
        _ if counted.is_empty() => String::new(),
        [one] => format!("{counted} in {}\n", one_line(one)),
        _ => format!("{counted}\n"),
    }
}

fn draw(handler: &GraphicalReportHandler, diagnostic: &Diagnostic, colour: bool, out: &mut String) {
    let primary = diagnostic.place.as_ref();
    let (here, elsewhere): (Vec<_>, Vec<_>) = diagnostic
        .also
        .iter()
        .map(|(place, label)| (place, label.as_str()))
        .partition(|(place, _)| primary.is_some_and(|p| Arc::ptr_eq(&p.source, &place.source)));
    let mut labels: Vec<(&Place, &str)> = primary.map(|p| (p, &*diagnostic.label)).into_iter().collect();
    labels.extend(here);
    let severity = match diagnostic.severity {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
    };
    let mut reports = vec![DrawnDiagnostic::new(severity, &diagnostic.message, diagnostic.help.as_deref(), &labels)];
    for (place, label) in elsewhere {
        reports.push(DrawnDiagnostic::new(miette::Severity::Advice, label, None, &[(place, "")]));
    }
    let mut hint = diagnostic.hint.as_deref();
    for report in reports {
        // Drawing into a string fails only on labels outside the text, and `Excerpt` clamps them.
        if handler.render_report(out, &report).is_err() {
            out.push_str(&format!("{}\n", report.message));
        }
        // Below the help, above what stands in other files.
        if let Some(hint) = hint.take() {
            draw_hint(hint, colour, out);
        }
    }
}

/// Draws a hint as miette draws help.
fn draw_hint(hint: &str, colour: bool, out: &mut String) {
    let hint = lines(&hint.chars().take(MOST_TEXT).collect::<String>());
    let (on, off) = if colour { ("\u{1b}[36m", "\u{1b}[0m") } else { ("", "") };
    let mut lead = format!("  {on}hint: {off}");
    for line in hint.lines() {
        let mut column = 0;
        for word in line.split(' ') {
            let width = word.chars().count();
            if column > 0 && column + 1 + width > WIDTH - 8 {
                out.push('\n');
                column = 0;
            }
            if column == 0 {
                out.push_str(&lead);
                lead = " ".repeat(8);
            } else {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += width;
        }
        out.push('\n');
    }
}

/// What miette draws: one message with the lines it is about.
#[derive(Debug)]
struct DrawnDiagnostic {
    severity: miette::Severity,
    message: String,
    help: Option<String>,
    excerpt: Option<Excerpt>,
}

impl DrawnDiagnostic {
    fn new(severity: miette::Severity, message: &str, help: Option<&str>, labels: &[(&Place, &str)]) -> Self {
        let limit = |text: &str| lines(&text.chars().take(MOST_TEXT).collect::<String>());
        let excerpt = Excerpt::new(labels);
        Self { severity, message: limit(message), help: help.map(limit), excerpt }
    }
}

impl fmt::Display for DrawnDiagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DrawnDiagnostic {}

impl miette::Diagnostic for DrawnDiagnostic {
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|h| Box::new(h) as Box<dyn fmt::Display>)
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|e| e as &dyn SourceCode)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.excerpt.as_ref().map(|e| Box::new(e.labels.iter().cloned()) as Box<dyn Iterator<Item = LabeledSpan>>)
    }
}

/// The lines that have labels, each cut to a window, as a text of its own.
#[derive(Debug)]
struct Excerpt {
    name: String,
    text: String,
    lines: Vec<ExcerptLine>,
    labels: Vec<LabeledSpan>,
}

/// A line of an excerpt.
#[derive(Debug)]
struct ExcerptLine {
    /// Where it starts in the excerpt.
    start: usize,
    /// Its number in the file, from 0.
    number: usize,
    /// Where it starts in the file.
    file_start: usize,
    /// For each shown character: offset in the file, offset in the excerpt, column in the file.
    shown: Vec<(usize, usize, usize)>,
}

impl Excerpt {
    fn new(labels: &[(&Place, &str)]) -> Option<Self> {
        let source = labels.first()?.0.source.clone();
        let mut excerpt =
            Self { name: one_line(&source.name), text: String::new(), lines: Vec::new(), labels: Vec::new() };
        // Lines in the order of the file, each for its first label: the window follows that one.
        let mut order: Vec<(usize, usize)> = Vec::new();
        for (place, _) in labels {
            let start = visible(&source, place.span.start);
            let line_start = source.text[..start].rfind('\n').map_or(0, |i| i + 1);
            if !order.iter().any(|(at, _)| *at == line_start) {
                order.push((line_start, start));
            }
        }
        order.sort_unstable();
        for (line_start, focus) in order {
            excerpt.push(&source, line_start, focus);
        }
        for (index, (place, label)) in labels.iter().enumerate() {
            let start = visible(&source, place.span.start);
            let Some(line) = excerpt.lines.iter().rfind(|l| l.file_start <= start) else { continue };
            let line_end = line.start + excerpt.line_text(line).len();
            let from = line.offset_of(start).unwrap_or(line_end);
            let to = line.offset_of(place.span.end.max(start)).unwrap_or(line_end).max(from);
            let text = (!label.is_empty()).then(|| one_line(label));
            let span = SourceSpan::new(from.into(), to - from);
            excerpt.labels.push(match index {
                0 => LabeledSpan::new_primary_with_span(text, span),
                _ => LabeledSpan::new_with_span(text, span),
            });
        }
        Some(excerpt)
    }

    /// Adds the line that starts at `line_start`, cut so that `focus` is visible.
    fn push(&mut self, source: &Text, line_start: usize, focus: usize) {
        let rest = &source.text[line_start..];
        let line = rest.split('\n').next().unwrap_or_default().trim_end_matches('\r');
        let columns = line.chars().count();
        let focus_column = line[..focus.saturating_sub(line_start).min(line.len())].chars().count();
        let first = if columns > MOST_COLUMNS { focus_column.saturating_sub(COLUMNS_BEFORE) } else { 0 };
        let start = self.text.len();
        if first > 0 {
            self.text.push_str("...");
        }
        let mut shown = Vec::new();
        for (column, (offset, c)) in line.char_indices().enumerate().skip(first).take(MOST_COLUMNS) {
            shown.push((line_start + offset, self.text.len(), column));
            match c {
                '\t' => self.text.push(' '),
                c if hidden(c) => self.text.extend(c.escape_unicode()),
                c => self.text.push(c),
            }
        }
        // The end of the line is a place too: what is missing is missing there.
        let end = (first + MOST_COLUMNS).min(columns);
        if end < columns {
            self.text.push_str("...");
        } else {
            shown.push((line_start + line.len(), self.text.len(), columns));
        }
        if self.text.len() == start {
            // miette draws no empty line.
            self.text.push(' ');
        }
        let number = source.text[..line_start].matches('\n').count();
        self.lines.push(ExcerptLine { start, number, file_start: line_start, shown });
        self.text.push('\n');
    }

    fn line_text(&self, line: &ExcerptLine) -> &str {
        self.text[line.start..].split('\n').next().unwrap_or_default()
    }
}

impl ExcerptLine {
    /// Offset in the excerpt of an offset in the file.
    fn offset_of(&self, in_file: usize) -> Option<usize> {
        self.shown.iter().find(|(file, ..)| *file >= in_file).map(|(_, here, _)| *here)
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (from, to) = (span.offset(), span.offset() + span.len());
        let first = self.lines.iter().rfind(|l| l.start <= from).ok_or(MietteError::OutOfBounds)?;
        let last = self.lines.iter().rfind(|l| l.start <= to).ok_or(MietteError::OutOfBounds)?;
        // With its line end, so that a label after the last character is in the line too.
        let end = last.start + self.line_text(last).len() + 1;
        let column = first.shown.iter().find(|(_, here, _)| *here >= from).map_or(0, |(_, _, column)| *column);
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            &self.text.as_bytes()[first.start..end],
            SourceSpan::new(first.start.into(), end - first.start),
            first.number,
            column,
            last.number - first.number + 1,
        )))
    }
}

/// An offset moved back to a character of a line: the end of a file that ends in an empty line shows nothing.
fn visible(source: &Text, offset: usize) -> usize {
    let mut at = offset.min(source.text.len());
    if at == source.text.len() {
        at = source.text.trim_end().len();
    }
    while !source.text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
