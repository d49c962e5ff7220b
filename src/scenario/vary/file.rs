//! Files of ranges: `KEY = [lo, hi]`, which a study writes and reads.

use toml::{Table, Value};
use toml_edit::Key;

use super::parameter::RangedParameter;
use super::range::ValueRange;
use crate::scenario::schema::Spacing;

/// Why a file is no file of ranges: the key, or nothing, and what is wrong with it.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct ParamsError(String);

/// The ranges of a file, by key: `"KEY" = [lo, hi]`, or `"KEY" = { range = [lo, hi], scale = "log" }`. Keys without quotes, and tables of them, are joined by dots.
///
/// # Errors
/// What is wrong, and what to write.
pub fn params(text: &str) -> Result<Vec<(String, ValueRange)>, ParamsError> {
    let table: Table = text.parse().map_err(|e: toml::de::Error| ParamsError(e.to_string().trim_end().to_owned()))?;
    let mut found = Vec::new();
    collect("", &table, &mut found)?;
    if found.is_empty() {
        return Err(ParamsError(
            "no range stands there\n  help: write \"traffic.reply_share\" = [0.6, 0.9], say".into(),
        ));
    }
    Ok(found)
}

fn collect(before: &str, table: &Table, found: &mut Vec<(String, ValueRange)>) -> Result<(), ParamsError> {
    for (key, value) in table {
        let key = if before.is_empty() { key.clone() } else { format!("{before}.{key}") };
        let wrong = |why: String| ParamsError(format!("`{key}`: {why}"));
        let (ends, spacing) = match value {
            Value::Array(ends) => (ends, Spacing::Linear),
            Value::Table(inner) => match inner.get("range") {
                None => {
                    collect(&key, inner, found)?;
                    continue;
                }
                Some(ends) => {
                    if let Some(unknown) = inner.keys().find(|k| !["range", "scale"].contains(&k.as_str())) {
                        return Err(wrong(format!("unknown key `{unknown}`\n  help: known there are range and scale")));
                    }
                    let spacing = match inner.get("scale") {
                        None => Spacing::Linear,
                        Some(word) => word.clone().try_into().map_err(|_| {
                            wrong(format!("unknown scale {word}\n  help: write \"linear\", \"log\" or \"logit\""))
                        })?,
                    };
                    let help = "a range is two numbers\n  help: write range = [0.6, 0.9], say";
                    (ends.as_array().ok_or_else(|| wrong(help.into()))?, spacing)
                }
            },
            _ => return Err(wrong("a range is two numbers\n  help: write [0.6, 0.9], say".into())),
        };
        let number = |value: &Value| value.as_float().or_else(|| value.as_integer().map(|n| n as f64));
        let [lo, hi] = &ends[..] else {
            return Err(wrong(format!("a range is two numbers, not {}\n  help: write [0.6, 0.9], say", ends.len())));
        };
        let (Some(lo), Some(hi)) = (number(lo), number(hi)) else {
            return Err(wrong("a range is two numbers\n  help: write [0.6, 0.9], say".into()));
        };
        found.push((key.clone(), ValueRange::new(lo, hi, spacing).map_err(wrong)?));
    }
    Ok(())
}

/// The file that [`params`] reads as these ranges. `about` goes on top, as a comment.
pub fn params_file(about: &str, parameters: &[RangedParameter]) -> String {
    let mut text: String = about.lines().map(|line| format!("# {line}\n")).collect();
    for p in parameters {
        // Titles are of one line; what breaks a line in them would end the comment.
        let title: String = p.title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let quality = p.quality.map_or("a setting of the run", |q| q.word());
        let (lo, hi) = (float(p.range.lo), float(p.range.hi));
        let range = match p.range.spacing {
            Spacing::Linear => format!("[{lo}, {hi}]"),
            Spacing::Log => format!("{{ range = [{lo}, {hi}], scale = \"log\" }}"),
            Spacing::Logit => format!("{{ range = [{lo}, {hi}], scale = \"logit\" }}"),
        };
        // The whole path is one key, whatever is in it.
        let key = Key::new(&p.key).display_repr().into_owned();
        let key = if key.starts_with(['"', '\'']) { key } else { format!("\"{key}\"") };
        text += &format!("\n# {title} ({quality})\n{key} = {range}\n");
    }
    text
}

/// A float as TOML has it: whole ones too.
fn float(x: f64) -> String {
    Value::Float(x).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, assumed, load};

    #[test]
    fn what_is_written_is_read_again() {
        let (scenario, _) = load("cnil-2017".as_ref(), &Overrides::default()).expect("it ships");
        let all = assumed(&scenario.file).parameters;
        let text = params_file("one\ntwo", &all);
        assert!(text.starts_with("# one\n# two\n\n# "), "{text}");
        let read = params(&text).expect("it reads");
        let expected: Vec<(String, ValueRange)> = all.into_iter().map(|p| (p.key, p.range)).collect();
        assert_eq!(read.len(), expected.len());
        for pair in &expected {
            assert!(read.contains(pair), "{pair:?}");
        }
    }

    #[test]
    fn keys_may_be_tables_and_what_is_wrong_is_told() {
        let text = "traffic.reply_share = [0.5, 0.9]\n[world]\nunlisted_non_users = { range = [0.1, 0.2], scale = \"logit\" }\n";
        let read = params(text).expect("it reads");
        assert_eq!(
            read.iter().map(|r| r.0.as_str()).collect::<Vec<_>>(),
            ["traffic.reply_share", "world.unlisted_non_users"]
        );
        for (wrong, says) in [
            ("", "no range"),
            ("a = 1", "two numbers"),
            ("a = [1]", "not 1"),
            ("a = [1, \"b\"]", "two numbers"),
            ("a = [2, 1]", "falls"),
            ("a = { range = [1, 2], sale = 1 }", "unknown key `sale`"),
            ("a = { range = [1, 2], scale = \"lag\" }", "unknown scale"),
            ("a = [1, 2", "line 1"),
        ] {
            assert!(params(wrong).is_err_and(|e| e.0.contains(says)), "{wrong}: {:?}", params(wrong));
        }
    }
}
