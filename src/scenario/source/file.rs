//! Reads a scenario file, or says in plain words why it cannot be one.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::scenario::diagnostic::{Diagnostic, clip, list, nearest};
use crate::scenario::place::Text;

/// Largest file that is read. A scenario has a few kilobytes; a file of gigabytes is a mistake.
const MOST_BYTES: u64 = 4 << 20;

/// The name of a scenario on a command line that stands for standard input.
pub const STDIN: &str = "-";

/// How messages call the file of this path.
pub fn shown(path: &Path) -> String {
    if path == Path::new(STDIN) { "<stdin>".into() } else { path.display().to_string() }
}

/// Reads a text file of at most 4 MiB; `-` is standard input. Once: a pipe gives what it holds only once.
pub fn load_file(path: &Path) -> Result<Text, Diagnostic> {
    let name = shown(path);
    if path == Path::new(STDIN) {
        return Text::new(name, up_to_the_most(io::stdin().lock()).map_err(|e| unreadable(path, &e))?);
    }
    let metadata = fs::metadata(path).map_err(|e| unreadable(path, &e))?;
    if metadata.is_dir() {
        return Err(directory(path));
    }
    // By metadata first, so that nothing huge is read; by `take` as well, because a pipe has no size.
    if metadata.len() > MOST_BYTES {
        return Err(too_large(&name, &format!("{:.1} MiB", metadata.len() as f64 / f64::from(1 << 20))));
    }
    Text::new(name, File::open(path).and_then(up_to_the_most).map_err(|e| unreadable(path, &e))?)
}

fn up_to_the_most(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Text {
    /// The text of these bytes, if they can be a scenario.
    ///
    /// # Errors
    /// If they are too many, none, or no text.
    pub fn new(name: String, bytes: Vec<u8>) -> Result<Self, Diagnostic> {
        if bytes.len() as u64 > MOST_BYTES {
            return Err(too_large(&name, "more than 4 MiB"));
        }
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(Diagnostic::error(format!("`{name}` is UTF-16")).help("save it as UTF-8"));
        }
        if let Some(offset) = bytes.iter().position(|b| *b == 0) {
            return Err(not_text(&name, offset, "is zero, which no text has"));
        }
        let text = String::from_utf8(bytes).map_err(|e| {
            let offset = e.utf8_error().valid_up_to();
            let line = e.as_bytes()[..offset].iter().filter(|b| **b == b'\n').count() + 1;
            not_text(&name, offset, &format!("(line {line}) is not valid UTF-8"))
        })?;
        if text.trim_start_matches('\u{feff}').trim().is_empty() {
            return Err(Diagnostic::error(format!("`{name}` is empty"))
                .help("a scenario starts with a table [scenario]")
                .hint("`outflow init NAME` writes a scenario to begin with"));
        }
        // The same file on every machine, whatever its line ends.
        let text = text.replace("\r\n", "\n");
        Ok(Text { name, text })
    }
}

fn too_large(name: &str, size: &str) -> Diagnostic {
    Diagnostic::error(format!("`{name}` is too large for a scenario: {size}"))
        .help("a scenario is text of a few kilobytes; at most 4 MiB are read")
}

fn not_text(name: &str, offset: usize, why: &str) -> Diagnostic {
    Diagnostic::error(format!("`{name}` is not text: byte {offset} {why}")).help("a scenario is TOML, saved as UTF-8")
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let name = shown(path);
    if error.kind() != ErrorKind::NotFound {
        // "Permission denied", without the number of the error.
        let reason = error.to_string();
        let reason = reason.split(" (os error").next().unwrap_or_default().to_lowercase();
        return Diagnostic::error(format!("cannot read `{name}`: {reason}"));
    }
    let missing = Diagnostic::error(format!("there is no file `{name}`"));
    let folder = parent(path);
    if !folder.is_dir() {
        return missing.help(format!("there is no folder `{}` either", folder.display()));
    }
    let names = scenarios(folder);
    let wanted = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    // `x` for `x.toml` is as common as a typo.
    let stem = wanted.strip_suffix(".toml").unwrap_or(&wanted);
    let close = nearest(stem, names.iter().map(|n| n.strip_suffix(".toml").unwrap_or(n)));
    match close {
        Some(close) => missing.help(format!("did you mean `{}`?", folder_name(path, &format!("{close}.toml")))),
        None if names.is_empty() => missing
            .help(format!("`{}` has no .toml file", folder.display()))
            .hint("`outflow init NAME` writes a scenario to begin with"),
        None => missing.help(format!("`{}` has {}", folder.display(), some(&names))),
    }
}

fn directory(path: &Path) -> Diagnostic {
    let error = Diagnostic::error(format!("`{}` is a folder, not a file", path.display()));
    let names = scenarios(path);
    match names.first() {
        Some(first) => error.help(format!("name a file in it, such as `{}`", path.join(first).display())),
        None => error,
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// `name` in the folder of `path`, as the user would type it.
fn folder_name(path: &Path, name: &str) -> String {
    path.with_file_name(name).display().to_string()
}

/// The `.toml` files of a folder, sorted.
fn scenarios(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".toml"))
        .collect();
    names.sort_unstable();
    names
}

/// The first names of many.
fn some(names: &[String]) -> String {
    const MOST: usize = 6;
    if names.len() <= MOST {
        return list(names, "and");
    }
    let first: Vec<String> = names[..MOST].iter().map(|n| format!("`{}`", clip(n, 60))).collect();
    format!("{} and {} more", first.join(", "), names.len() - MOST)
}
