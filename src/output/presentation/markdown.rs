//! The page of a run as Markdown, for those who write elsewhere: what it says and its tables, with what each figure shows in words.

use std::fs;
use std::path::Path;

use crate::output::chart::number::{MISSING, count_within, grouped, share_within};
use crate::output::chart::{MOST_POLICIES, number};
use crate::output::findings::Finding;
use crate::output::lang::Lang;
use crate::output::report::{PeopleReached, Report};
use crate::scenario::letters::neutral;

/// How a page begins that is ours.
const MARK: &str = "<!-- outflow ";

/// Whether a file is such a page.
pub fn is_one(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| bytes.starts_with(MARK.as_bytes()))
}

/// The page.
pub fn page(report: &Report, lang: Lang) -> String {
    let input = report.input;
    let mut out = format!("{MARK}{} -->\n\n# {}\n\n", input.version, plain(&lang.title(input.title)));
    out += &lang.fill(
        "*A model, not a measurement.* {0} people ({1} users), {2} days from {3}, seed {4}, outflow {5}.\n",
        "*Un modèle, pas une mesure.* {0} personnes ({1} utilisateurs), {2} jours à partir du {3}, graine {4}, outflow {5}.\n",
        &[
            &lang.number(grouped(input.people)),
            &lang.number(grouped(input.users)),
            &input.days.to_string(),
            &lang.date(input.start),
            &input.seed.to_string(),
            input.version,
        ],
    );
    let mut section = |en: &str, fr: &str, body: String| {
        if !body.is_empty() {
            out += &format!("\n## {}\n\n{body}", lang.say(en, fr));
        }
    };
    section("Findings", "Constats", findings(report.findings, lang));
    section("Who is reached", "Qui est atteint", reached(report, lang));
    section("Figures", "Figures", figures(report, lang));
    section("Policies", "Politiques", policies(report));
    section("What the model cannot say", "Ce que le modèle ne peut pas dire", items(report.limits.iter()));
    section("Not shown", "Non montré", items(report.warnings.iter()));
    section("Background", "Contexte", paragraphs(report.analysis));
    let reproduce = format!("```sh\n{}\n```\n", input.command.replace("```", ""));
    section("To have it again", "Pour l’obtenir à nouveau", reproduce);
    out
}

/// A text in which no letter is an instruction to a reader of Markdown.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in neutral(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn items<T: AsRef<str>>(all: impl Iterator<Item = T>) -> String {
    all.map(|text| format!("- {}\n", plain(text.as_ref()))).collect()
}

/// Blank lines part paragraphs. A number or a sign with which a line begins would make a list of it.
fn paragraphs(text: &str) -> String {
    let line = |line: &str| {
        let line = plain(line.trim());
        let digits = line.chars().take_while(char::is_ascii_digit).count();
        match line.chars().nth(digits) {
            Some('.' | ')') if digits > 0 => format!("{}\\{}\n", &line[..digits], &line[digits..]),
            Some('-' | '+' | '=') if digits == 0 => format!("\\{line}\n"),
            _ => line + "\n",
        }
    };
    text.trim().lines().map(line).collect()
}

fn findings(all: &[Finding], lang: Lang) -> String {
    let line = |of: &Finding| {
        let (sentence, sure) = (&of.sentence, &of.evidence_in_words);
        let assumption = match of.returns_assumption {
            true => lang.say("; returns an assumption", " ; renvoie une hypothèse"),
            false => "",
        };
        let said = plain(lang.say(&sentence.en, &sentence.fr));
        format!("1. {said} *({}{assumption})*\n", plain(lang.say(&sure.en, &sure.fr)))
    };
    all.iter().map(line).collect()
}

/// The table of people by policy and purpose.
fn reached(report: &Report, lang: Lang) -> String {
    let rows = &report.summary[..report.summary.len().min(MOST_POLICIES * report.input.purposes.len())];
    if rows.is_empty() {
        return String::new();
    }
    let people = |of: &PeopleReached| match of.share {
        Some(share) => format!("{} ({})", number::count(of.people), share_within(share, of.interval)),
        None if of.people == 0.0 => MISSING.to_owned(),
        None => number::count(of.people),
    };
    let head = lang.say(
        "| policy | purpose | values | users not objecting | users objecting | never joined |",
        "| politique | finalité | valeurs | utilisateurs sans opposition | utilisateurs opposés | jamais inscrits |",
    );
    let mut out = format!("{head}\n|---|---|---:|---:|---:|---:|\n");
    for row in rows {
        let figures = [
            count_within(row.disclosed_values, row.values_interval),
            people(&row.not_objecting),
            people(&row.objecting),
            people(&row.non_user),
        ];
        let figures = figures.map(|figure| lang.number(figure)).join(" | ");
        out += &format!("| {} | {} | {figures} |\n", plain(&lang.title(&row.policy)), plain(&lang.title(&row.purpose)));
    }
    let left = report.input.policies.len().saturating_sub(MOST_POLICIES);
    if left > 0 {
        out += &lang.fill(
            "\n{0} more policies: see the tables.\n",
            "\n{0} autres politiques : voir les tables.\n",
            &[&left.to_string()],
        );
    }
    out
}

/// What each figure shows. Pictures are files of their own: `outflow chart` draws them.
fn figures(report: &Report, _lang: Lang) -> String {
    report.charts.iter().map(|c| format!("- **{}** (`{}`): {}\n", plain(&c.title), c.name, plain(&c.alt))).collect()
}

fn policies(report: &Report) -> String {
    let of = |p: &crate::output::report::PolicyText| format!("### {}\n\n{}\n", plain(&p.title), items(p.rules.iter()));
    report.policies.iter().take(MOST_POLICIES).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_letter_is_an_instruction() {
        assert_eq!(plain("a*b|c<d> [e] \u{202e}"), "a\\*b\\|c\\<d\\> \\[e\\] ");
        assert_eq!(paragraphs("1. one\n\n- two\nthree"), "1\\. one\n\n\\- two\nthree\n");
    }
}
