//! The page of a run: one HTML file with everything in it, that asks for nothing from outside; and the same as Markdown.
//!
//! ```text
//! Report ─► view: sections of blocks, in the language of the report ─┬─► page.html with page.css and page.js
//!                                                                   └─► page.md
//! ```
//!
//! Every text of the page stands in `words.toml`, `method.txt` and `limits.txt`, in both languages.

use std::panic::{AssertUnwindSafe, catch_unwind};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, HtmlEscape, Value};

use crate::output::lang::Lang;
use crate::scenario::letters::neutral;

mod annex;
mod background;
mod blocks;
mod cells;
mod content;
mod explorer;
mod exposure;
mod figures;
mod findings;
mod jurisdictions;
mod orders;
pub mod parameters;
mod policies;
mod rules;
mod tables;
mod view;
pub mod words;

pub use content::{Parameter, PeopleReached, PlaceUsers, PolicyText, Report, SummaryRow};
pub use orders::{leaving, scopes};
pub use policies::policy_texts;
use words::Words;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The template failed.
    #[error("the page cannot be made: {0}")]
    Template(#[from] minijinja::Error),
    /// Something failed inside.
    #[error("the page cannot be made: outflow failed inside")]
    Panic,
}

/// The page. A panic on the way is an error as any other: the figures are there without it.
pub fn render(report: &Report) -> Result<String, ReportError> {
    caught(|| {
        let mut env = environment(report.lang);
        env.set_auto_escape_callback(|_| AutoEscape::Html);
        env.add_filter("rich", |text: &str| Value::from_safe_string(marked(text)));
        env.add_global("css", Value::from_safe_string(include_str!("page.css").to_owned()));
        env.add_global("js", Value::from_safe_string(include_str!("page.js").to_owned()));
        for (name, text) in [
            ("page.html", include_str!("page.html")),
            ("blocks.html", include_str!("blocks.html")),
            ("explorer.html", include_str!("explorer.html")),
        ] {
            env.add_template(name, text)?;
        }
        filled(&env, "page.html", report)
    })
}

/// The page as Markdown, without its pictures: for those who write elsewhere.
pub fn render_markdown(report: &Report) -> Result<String, ReportError> {
    caught(|| {
        let mut env = environment(report.lang);
        env.set_auto_escape_callback(|_| AutoEscape::None);
        env.add_filter("plain", plain);
        // Our own marks are those of Markdown.
        env.add_filter("rich", |text: &str| text.replace('|', "\\|"));
        env.add_template("page.md", include_str!("page.md"))?;
        let page = filled(&env, "page.md", report)?;
        // The template parts blocks by more lines than it needs.
        let mut lines: Vec<&str> = Vec::new();
        for line in page.lines().map(str::trim_end) {
            if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
                lines.push(line);
            }
        }
        Ok(lines.join("\n").trim_end().to_owned() + "\n")
    })
}

fn caught(render: impl FnOnce() -> Result<String, ReportError>) -> Result<String, ReportError> {
    catch_unwind(AssertUnwindSafe(render)).unwrap_or(Err(ReportError::Panic))
}

/// What the templates of both kinds know: `t("group.name")` is a text of the page.
fn environment(lang: Lang) -> Environment<'static> {
    let mut env = Environment::new();
    // Lines that only say what is done leave none on the page.
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        env.set_syntax(syntax);
    }
    let words = Words { lang };
    env.add_function("t", move |name: &str| words.say(name));
    env.add_global("t_lang", lang.id());
    env
}

fn filled(env: &Environment, name: &str, report: &Report) -> Result<String, ReportError> {
    let page = Value::from(Serde(view::page(report)));
    let page = env.get_template(name)?.render(page)?;
    // What a scenario says must not turn around or hide what the page says; our own text is plain.
    Ok(page.lines().map(|line| neutral(line) + "\n").collect())
}

/// A text of our own as HTML: `code` and **strong** are marks, where they are closed.
fn marked(text: &str) -> String {
    let strong = |part: &str| between(part, "**", ["<strong>", "</strong>"], str::to_owned);
    between(&HtmlEscape(text).to_string(), "`", ["<code>", "</code>"], strong)
}

/// A text in which what stands between two marks stands between two tags; `others` is what becomes of the rest.
fn between(text: &str, mark: &str, [open, close]: [&str; 2], others: impl Fn(&str) -> String) -> String {
    let parts: Vec<&str> = text.split(mark).collect();
    let mut out = String::with_capacity(text.len() + 32);
    for (i, part) in parts.iter().enumerate() {
        match i % 2 {
            0 => out.push_str(&others(part)),
            // What a title of a scenario left open is a sign as any other.
            _ if i + 1 == parts.len() => out.extend([mark, part]),
            _ => out.extend([open, part, close]),
        }
    }
    out
}

/// A text that is not ours in Markdown: none of its signs is a mark.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
