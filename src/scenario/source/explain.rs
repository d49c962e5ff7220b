//! The parser's errors in words for people who do not write TOML every day, with what to write instead.

use std::sync::Arc;

use super::bounds::nested;
use super::meant::meant;
use crate::scenario::diagnostic::{Diagnostic, clip};
use crate::scenario::place::{Place, Text};

/// Whether what follows an error is read as something else than what it is.
pub fn runs_on(error: &str) -> bool {
    ["unclosed", "missing comma between array", "unexpected `=`", "cannot recurse"].iter().any(|w| error.starts_with(w))
        || error.contains("multi-line")
}

/// The parser's error, explained.
pub fn explain(source: &Arc<Text>, error: &toml::de::Error) -> Diagnostic {
    let Some(span) = error.span() else {
        // The parser gives no place for keys with too many dots, its only error without one.
        return Diagnostic::error(format!("`{}` is nested too deeply", source.name));
    };
    let place = Place { source: source.clone(), span };
    let (what, expected) = error.message().split_once(", expected ").unwrap_or((error.message(), ""));
    let at = Around::new(&place);
    let said = |message: &str, label: &str| Diagnostic::error(message).at(&place, label);
    match what {
        "duplicate key" => duplicate(&place, &at),
        "string values must be quoted" | "invalid boolean" if at.word.is_empty() => {
            said("a value is missing", "expected a value here")
                .help("strings are written \"in quotes\", numbers and true or false without")
        }
        "string values must be quoted" | "invalid boolean" => no_value(&place, &at.word),
        "invalid float" if at.word.starts_with(char::is_alphabetic) => no_value(&place, &at.word),
        "invalid float" | "invalid integer" | "invalid mantissa" if number_help(&at.token).is_some() => {
            said(&format!("`{}` is not a number", at.token), "not part of a number")
                .help(number_help(&at.token).unwrap_or_default())
        }
        "invalid mantissa" if at.after.starts_with('.') => {
            let help = meant(&at.token)
                .map_or("write 0 before the point".into(), |n| format!("write 0 before the point: {n}"));
            said("a number starts with its decimal point", "expected a digit here").help(help)
        }
        "invalid float" | "invalid integer" | "invalid mantissa" if meant(&at.token).is_some() => {
            said(&format!("`{}` is not a number to TOML", at.token), "not part of a number")
                .help(format!("write {}", meant(&at.token).unwrap_or_default()))
        }
        "invalid float" | "invalid integer" => said(&format!("`{}` is not a number", at.token), "not part of a number")
            .help("write digits and at most one decimal point, as in 0.5, or put a string in quotes"),
        "invalid fraction" => said("a number ends with its decimal point", "expected a digit here")
            .help(format!("write {}0, or leave out the point", at.token)),
        "unexpected leading zero" => said("a number starts with 0", "leading zero").help("leave out the zero"),
        "`_` may only go between digits" => said("`_` at the edge of a number", "not between digits")
            .help("`_` may only stand between two digits: 1_000_000"),
        w if w.starts_with("invalid date") => {
            let error = said("this is not a date", &format!("expected {expected}"));
            match number_help(&at.token).filter(|help| !help.ends_with(&at.token)) {
                Some(help) => error.help(help),
                None => error.help("a day is written 2016-09-25: year, month and day with four, two and two digits"),
            }
        }
        "key with no value" if at.before.ends_with(':') => {
            let colon = Place { source: source.clone(), span: at.before.len() - 1..at.before.len() };
            Diagnostic::error("expected `=` after the key, not `:`")
                .at(&colon, "expected `=` here")
                .help("TOML writes `key = value`")
        }
        "key with no value" if at.line_rest().contains('=') => {
            said("a key of several words", "expected `=` here").help("join the words by `_`, or put the key in quotes")
        }
        "key with no value" => said("a key without a value", "expected `=` here").help("write `key = value`"),
        "extra `=`" => said("more than one `=` after a key", "one too many").help("write one `=`: `key = value`"),
        "unquoted keys cannot be empty" => said("a key is missing", "expected a key here").help("write `key = value`"),
        "invalid unquoted key" => said("a key has a character that needs quotes", "not in a bare key")
            .help("keys are letters, digits, `_` and `-`; any other key stands in quotes"),
        "missing escaped value" => said("`\\` starts an escape that does not exist", "not an escape")
            .help("write \\\\ for a backslash, or put the string in single quotes: 'C:\\folder'"),
        "missing opening quote" => said("a string is not opened", "this quote closes a string that was never opened")
            .help(format!("write a quote before it as well: \"{}\"", at.token.trim_end_matches(['"', '\'']))),
        "invalid basic string" | "invalid literal string" if expected.len() <= 3 => {
            said("a string is not closed", &format!("expected {expected}"))
                .help("a string ends on its line with the quote with which it begins")
                .hint("a string of several lines stands between three quotes: \"\"\"...\"\"\"")
        }
        w if w.contains("multi-line") && expected.len() <= 3 => {
            let quotes = expected.trim_matches('`').repeat(3);
            let error = said("a string of several lines is not closed", &format!("expected {quotes} before the end"));
            match at.before.rfind(&quotes) {
                Some(open) => {
                    let open = Place { source: source.clone(), span: open..open + 3 };
                    error.also(&open, "the string starts here")
                }
                None => error,
            }
            .help(format!("end it with {quotes}"))
        }
        w if w.contains("string") && at.after.starts_with(|c: char| c.is_control()) => {
            let code = at.after.chars().next().map_or(0, u32::from);
            said("a control character stands in a string", "this character cannot be seen")
                .help(format!("delete it, or write \\u{code:04X} in a string in double quotes"))
        }
        "unexpected key or value" => after_value(&place, &at),
        "unclosed array" | "unexpected `=` in array" => not_closed(&place),
        "missing comma between array elements"
            if at.starts_line && (at.after.starts_with('[') || at.line_rest().contains('=')) =>
        {
            not_closed(&place)
        }
        "missing comma between array elements" => {
            said("a comma is missing", "expected `,` before this").help("separate the values of [...] by commas")
        }
        "missing comma between key-value pairs" | "extra assignment between key-value pairs" => {
            said("a comma is missing", "expected `,` before this").help("separate the entries of { ... } by commas")
        }
        "extra comma in array" | "extra comma in inline table" => {
            said("a comma with no value before it", "one too many").help("write one comma between two values")
        }
        "unclosed table" | "unclosed array table" => {
            let header = at.line().trim().trim_matches(['[', ']']).trim().to_owned();
            let (open, close) = if what == "unclosed table" { ("[", "]") } else { ("[[", "]]") };
            said("the header of a table is not closed", &format!("expected `{close}`"))
                .help(format!("write {open}{header}{close}"))
        }
        "missing key for inline table element" if !at.starts_line => {
            said("a key is missing", "expected a key here").help("write { key = value, key = value }")
        }
        "unclosed inline table" | "missing key for inline table element" => {
            said("a table in braces is not closed", "expected `}` before this")
                .help("write { key = value, key = value }")
        }
        "invalid key-value pair" if source.text.trim_start().starts_with('{') => {
            said("this is JSON, not TOML", "an object of JSON")
                .help("in TOML, write each `key = value` on a line of its own")
        }
        w if w.starts_with("carriage return") => {
            said("a line ends in a lone carriage return", "here").help("save the file with line ends LF or CRLF")
        }
        w if w.starts_with("cannot recurse") => nested(&place),
        _ => {
            let empty = expected.is_empty() || expected == "nothing";
            said(what, &if empty { "here".to_owned() } else { format!("expected {expected}") })
                .help("compare it with a scenario that runs: `outflow init NAME` writes one")
        }
    }
}

/// What stands around the place of an error.
struct Around<'a> {
    text: &'a str,
    start: usize,
    /// The text before, without space at its end.
    before: &'a str,
    /// The text from the place on.
    after: &'a str,
    /// What the place covers.
    word: String,
    /// The value that it is in: all up to space, comma or bracket on both sides.
    token: String,
    /// Whether nothing stands before it on its line.
    starts_line: bool,
}

impl<'a> Around<'a> {
    fn new(place: &'a Place) -> Self {
        let text = &place.source.text;
        let start = place.span.start.min(text.len());
        let (head, after) = (text.get(..start).unwrap_or_default(), text.get(start..).unwrap_or_default());
        let edge = |c: char| c.is_whitespace() || "[]{}=#".contains(c);
        let from = head.rfind(edge).map_or(0, |i| i + head[i..].chars().next().map_or(1, char::len_utf8));
        let to = after.find(edge).map_or(text.len(), |i| start + i);
        Self {
            text,
            start,
            before: head.trim_end(),
            after,
            word: clip(place.snippet().trim(), 40),
            token: clip(text.get(from..to).unwrap_or_default(), 40),
            starts_line: head.trim_end_matches([' ', '\t']).ends_with('\n'),
        }
    }

    /// The line of the place.
    fn line(&self) -> &'a str {
        let from = self.text[..self.start].rfind('\n').map_or(0, |i| i + 1);
        self.text[from..].lines().next().unwrap_or_default()
    }

    /// The rest of the line from the place on, without its comment.
    fn line_rest(&self) -> &'a str {
        self.after.split(['\n', '#']).next().unwrap_or_default()
    }
}

/// A bare word where a value should be.
fn no_value(place: &Place, word: &str) -> Diagnostic {
    let help = match word.to_lowercase().as_str() {
        "true" | "yes" | "on" => "write true".to_owned(),
        "false" | "no" | "off" => "write false".to_owned(),
        "null" | "none" | "nil" => "TOML has no null: leave the key out".to_owned(),
        w if w.contains(['\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}']) => {
            "use the straight quotes \" instead of typographic ones".to_owned()
        }
        w if w.contains("//") => format!("a comment starts with #: {}", word.replacen("//", "#", 1)),
        w if w.ends_with(';') => format!("leave out the semicolon: {}", word.trim_end_matches(';')),
        w => number_help(w)
            .or_else(|| meant(w).map(|n| format!("write {n}, or put a string in quotes: \"{word}\"")))
            .unwrap_or_else(|| match w.starts_with(|c: char| c.is_ascii_digit()) {
                true => format!("write a number without its unit, or put a string in quotes: \"{word}\""),
                false => format!("put a string in quotes: \"{word}\""),
            }),
    };
    Diagnostic::error(format!("`{word}` is not a value")).at(place, "not a TOML value").help(help)
}

/// How TOML writes a percentage, a day or a large number that was written as people do.
fn number_help(word: &str) -> Option<String> {
    let digits = |w: &str| !w.is_empty() && w.chars().all(|c| c.is_ascii_digit());
    if let Some(percent) = word.strip_suffix('%').and_then(|n| n.trim().parse::<f64>().ok()) {
        return Some(format!("write a share as a number between 0 and 1: {}", (percent * 1e7).round() / 1e9));
    }
    let parts: Vec<&str> = word.split(['.', '/', '-']).collect();
    if let [a, b, c] = parts[..]
        && [a, b, c].iter().all(|p| digits(p))
        && (a.len() == 4 || c.len() == 4)
    {
        let day = match (a.len(), b.parse::<u32>(), c.parse::<u32>(), a.parse::<u32>()) {
            (4, Ok(month), Ok(day), _) if month <= 12 && day <= 31 => format!("{a}-{month:02}-{day:02}"),
            // With a full stop, or beyond 12, the first number is the day.
            (_, Ok(month), _, Ok(day)) if month <= 12 && day <= 31 && (word.contains('.') || day > 12) => {
                format!("{c}-{month:02}-{day:02}")
            }
            (_, Ok(day), _, Ok(month)) if month <= 12 && day > 12 && day <= 31 => format!("{c}-{month:02}-{day:02}"),
            _ => "2017-11-27".to_owned(),
        };
        return Some(format!("write a day as year, month and day: {day}"));
    }
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words: Vec<String> = word.split([' ', ',', '.']).map(str::to_lowercase).collect();
    if digits(words.first()?) && words.iter().any(|w| MONTHS.iter().any(|m| w.starts_with(m))) {
        return Some("write a day as year, month and day, such as 2017-11-27".to_owned());
    }
    let groups: Vec<&str> = word.split([',', '.', ' ', '\'']).collect();
    let [first, rest @ ..] = groups.as_slice() else { return None };
    let grouped = !rest.is_empty() && digits(first) && rest.iter().all(|g| g.len() == 3 && digits(g));
    (grouped && (rest.len() > 1 || !word.contains(['.', ',']))).then(|| format!("write {}", groups.join("_")))
}

/// Something after the value of a key.
fn after_value(place: &Place, at: &Around) -> Diagnostic {
    let said = |message: &str, label: &str| Diagnostic::error(message).at(place, label);
    let end = "expected the end of the line";
    let next = at.after.chars().nth(1).unwrap_or('\n');
    match at.after.chars().next() {
        Some(',') if next.is_ascii_digit() => {
            let point = at.token.replace(',', ".");
            let help = number_help(&at.token).unwrap_or_else(|| match at.token.split_once(',') {
                Some((a, b)) if b.len() == 3 => format!("write {a}_{b} for thousands, {point} for a decimal point"),
                _ => format!("write a decimal point: {point}, not {}", at.token),
            });
            said("a comma in a number", end).help(help)
        }
        Some(',') => {
            said("a comma after a value", end).help("leave out the comma: each `key = value` has a line of its own")
        }
        Some(';') => said("a semicolon after a value", end).help("leave out the semicolon"),
        Some(']' | '}') => said("a bracket too many", end).help("leave it out"),
        Some('/') if next == '/' => said("a comment that starts with //", end).help("a comment starts with #"),
        _ if at.before.ends_with(['"', '\'']) && place.span.start == at.before.len() => {
            said("a quote within a string ends it", end)
                .help("write \\\" for a quote within a string, or put the string in single quotes: 'a \"b\" c'")
        }
        _ => said("more than one value on a line", end).help("write each `key = value` on a line of its own"),
    }
}

fn not_closed(place: &Place) -> Diagnostic {
    let error = Diagnostic::error("an array is not closed").at(place, "expected `]` before this");
    match open_array(place) {
        Some(open) => error.also(&open, "the array starts here"),
        None => error,
    }
    .help("end the array with `]`")
}

/// The header or key above that makes the table of this header by naming a part of it: `[[policy.rule]]`, `policy.id = 1`.
fn begun_below(place: &Place, header: &str) -> Option<Place> {
    let name = header.starts_with('[').then(|| header.trim_matches(['[', ']']).trim())?;
    let mut at = 0;
    for line in place.source.text.get(..place.span.start)?.split_inclusive('\n') {
        let bare = line.trim_start().trim_start_matches('[');
        if bare.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')) {
            let indent = line.len() - line.trim_start().len();
            return Some(Place { source: place.source.clone(), span: at + indent..at + line.trim_end().len() });
        }
        at += line.len();
    }
    None
}

/// A key or header that stands twice.
fn duplicate(place: &Place, at: &Around) -> Diagnostic {
    let word = &at.word;
    let error = Diagnostic::error(format!("`{word}` is defined twice")).at(place, "defined again here");
    let first = first_definition(place);
    let error = match &first {
        Some(first) => error.also(first, "first defined here"),
        None => error,
    };
    let this = at.line().trim();
    if let (None, Some(begun)) = (&first, begun_below(place, this)) {
        let name = this.trim_matches(['[', ']']);
        return error
            .also(&begun, format!("begins `{name}` already"))
            .help(format!("put {this} above it"))
            .hint("a table begins with its own header; its keys and the headers of its parts stand below");
    }
    let list = |header: &str| header.starts_with("[[");
    match first.as_ref().map(Place::snippet) {
        _ if !this.starts_with('[') => error.help("keep one of the two"),
        Some(first) if list(first) != list(this) => {
            let name = this.trim_matches(['[', ']']);
            let (once, many) = (format!("[{name}]"), format!("[[{name}]]"));
            error
                .help(format!("write {many} in both places if it is a list, {once} once if it is not"))
                .hint(format!("{once} is one table, {many} an element of a list of tables"))
        }
        _ => error.help("keep one of the two headers, with the keys of both below it").hint(format!(
            "a list of tables has its header in two pairs of brackets: [[{}]]",
            this.trim_matches(['[', ']'])
        )),
    }
}

/// Where the array that is still open at `place` starts: after the last `=` that a bracket follows.
fn open_array(place: &Place) -> Option<Place> {
    let before = place.source.text.get(..place.span.start)?;
    let (at, _) = before.rmatch_indices('[').find(|(at, _)| before[..*at].trim_end().ends_with('='))?;
    Some(Place { source: place.source.clone(), span: at..at + 1 })
}

/// Where the key or header that is repeated at `place` stands first, if the lines above tell.
fn first_definition(place: &Place) -> Option<Place> {
    let text = &place.source.text;
    let start = text.get(..place.span.start)?.rfind('\n').map_or(0, |i| i + 1);
    let header = |line: &str| line.trim_start().starts_with('[');
    let name = |line: &str| {
        let end = if header(line) { line.find(']').map(|i| i + 1) } else { line.find('=') };
        end.map(|i| line[..i].trim().to_owned())
    };
    let bare = |name: &str| name.trim_matches(['[', ']']).trim().to_owned();
    let this = text[start..].lines().next()?;
    // In an inline table the line is that of another key.
    if !header(this) && this.trim_start().len() < this.len().saturating_sub(place.span.start - start) {
        return None;
    }
    let wanted = name(this)?;
    let mut end = start;
    while end > 0 {
        let line_start = text[..end - 1].rfind('\n').map_or(0, |i| i + 1);
        let line = &text[line_start..end - 1];
        if let Some(found) = name(line).filter(|n| bare(n) == bare(&wanted) && header(line) == header(this)) {
            let indent = line.len() - line.trim_start().len();
            // A header ends with its last bracket.
            let brackets = line[indent + found.len()..].chars().take_while(|c| *c == ']').count();
            let from = line_start + indent;
            return Some(Place { source: place.source.clone(), span: from..from + found.len() + brackets });
        }
        // The keys of a table stand below its header.
        if header(line) && !header(this) {
            return None;
        }
        end = line_start;
    }
    None
}
