//! Every option is in docs/FORMAT.md, and every one that is there exists.

use std::collections::BTreeSet;

use super::markdown::spans;
use super::{document, printed, root};

/// All verbs, those of `policy` too, and the program without one.
pub fn verbs() -> Vec<Vec<String>> {
    let of = |verb: &[&str]| -> Vec<String> {
        let help = printed(root(), &[verb, &["--help"]].concat());
        let Some((_, listed)) = help.split_once("\nCommands:\n") else { return Vec::new() };
        let names = listed.lines().take_while(|l| !l.trim().is_empty()).filter_map(|l| l.strip_prefix("  "));
        names.filter(|l| !l.starts_with(' ')).filter_map(|l| l.split_whitespace().next()).map(str::to_owned).collect()
    };
    let mut verbs = vec![Vec::new()];
    for verb in of(&[]).into_iter().filter(|v| v != "help") {
        let deeper = of(&[&verb]);
        verbs.push(vec![verb.clone()]);
        verbs.extend(deeper.into_iter().filter(|v| v != "help").map(|v| vec![verb.clone(), v]));
    }
    assert!(verbs.len() >= 17, "{verbs:?}");
    verbs
}

/// The long options in a text.
fn options(text: &str) -> BTreeSet<String> {
    let after = text.match_indices("--").map(|(i, _)| &text[i + 2..]);
    let names = after.map(|rest| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect::<String>());
    names.filter(|n| !n.is_empty() && !n.starts_with('-')).map(|n| format!("--{}", n.trim_end_matches('-'))).collect()
}

#[test]
fn options_and_their_documentation_agree() {
    let format = document("docs/FORMAT.md");
    let documented = options(&spans(&format).join("\n"));
    let mut known = BTreeSet::new();
    for verb in verbs() {
        let help = printed(root(), &[&verb.iter().map(String::as_str).collect::<Vec<_>>()[..], &["--help"]].concat());
        let listed = help.split_once("\nOptions:\n").map_or("", |(_, o)| o);
        let own: BTreeSet<String> = listed
            .lines()
            .filter(|l| l.trim_start().starts_with('-') && l.len() - l.trim_start().len() < 10)
            .flat_map(|l| options(l.trim_start().split("  ").next().unwrap_or_default()))
            .collect();
        let lacking: Vec<_> =
            own.difference(&documented).filter(|o| !["--help", "--version"].contains(&o.as_str())).collect();
        assert!(lacking.is_empty(), "docs/FORMAT.md lacks {lacking:?} of `outflow {}`", verb.join(" "));
        known.extend(own);
    }
    let unknown: Vec<_> = documented.difference(&known).collect();
    assert!(unknown.is_empty(), "docs/FORMAT.md names {unknown:?}, which no verb has");
}

#[test]
fn verbs_and_their_documentation_agree() {
    let format = document("docs/FORMAT.md");
    let table: Vec<String> = spans(super::markdown::section(&format, "## Commands"));
    for verb in verbs().into_iter().filter(|v| !v.is_empty() && *v != ["policy"] && *v != ["audit"]) {
        let typed = format!("outflow {}", verb.join(" "));
        assert!(
            table.iter().any(|s| *s == typed || s.starts_with(&format!("{typed} "))),
            "docs/FORMAT.md lacks `{typed}`"
        );
    }
}
