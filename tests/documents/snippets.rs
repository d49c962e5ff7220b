//! TOML that a document shows is valid where it belongs, and what it shows as an answer is the answer.

use std::fs;

use super::markdown::blocks;
use super::{document, printed, root, scenario};

/// A policy around a snippet that begins with one of its parts.
fn policy_of(snippet: &str) -> String {
    let permit = "[[policy]]\nid = \"snippet\"\ntitle = \"Of a document\"\nsource = \"a document\"\n";
    match snippet.lines().next().unwrap_or_default() {
        "[[policy]]" => snippet.replacen("id = \"opt-out\"", "id = \"snippet\"", 1),
        "[[policy.rule]]" => format!("{permit}[[policy.rule]]\neffect = \"permit\"\n{snippet}"),
        // It tests the rules of the objection of 2016.
        "[[policy.test]]" => format!("{permit}extends = \"opt-out\"\n{snippet}"),
        other => panic!("a snippet that begins with `{other}`"),
    }
}

#[test]
fn snippets_are_valid() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut tried = 0;
    for path in ["docs/FORMAT.md", "docs/POLICIES.md"] {
        for snippet in blocks(&document(path)).iter().filter(|b| b.starts_with("[[")) {
            let file = folder.path().join("s.toml");
            fs::write(&file, scenario() + &policy_of(snippet)).expect("can write");
            let said = printed(folder.path(), &["validate", "s.toml"]);
            assert!(said.contains("fine"), "{path}:\n{snippet}\n{said}");
            printed(folder.path(), &["policy", "test", "s.toml", "--policy", "snippet"]);
            tried += 1;
        }
    }
    assert!(tried >= 3, "{tried}");
}

#[test]
fn answers_are_as_shown() {
    let policies = document("docs/POLICIES.md");
    let block = blocks(&policies).into_iter().find(|b| b.starts_with("$ outflow ")).expect("a question and its answer");
    let (question, answer) = block.split_once('\n').expect("lines");
    let words: Vec<&str> = question.trim_start_matches("$ outflow ").split_whitespace().collect();
    let said = printed(root(), &words);
    for line in answer.lines().map(str::trim).filter(|l| !l.is_empty()) {
        // What is long ends in dots.
        let shown = line.trim_end_matches("...");
        assert!(
            said.lines().any(|l| l.trim() == line || shown != line && l.trim().starts_with(shown)),
            "{line}\nis not in\n{said}"
        );
    }
}
