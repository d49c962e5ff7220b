//! What the program says to each kind of bad scenario, whole: the ladder of docs/DIAGNOSTICS.md, held by snapshots.
//!
//! After a change of a message read the difference, then accept it: `INSTA_UPDATE=always OUTFLOW_UPDATE=1 cargo test --test
//! diagnostics`. The first renews the snapshots, the second the table in docs/DIAGNOSTICS.md.

#[path = "diagnostics/cases.rs"]
mod cases;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use cases::{Case, Change, FILES, MEANING, OPTIONS, STRUCTURE, SYNTAX};

const BASE: &str = include_str!("diagnostics/base.toml");
const POLICY: &str = "[[policy]]\nid = \"p\"\ntitle = \"P\"\nsource = \"s\"\n[[policy.rule]]\neffect = \"permit\"\n";
const GUIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/DIAGNOSTICS.md");
const AREAS: [(&str, &[Case]); 5] =
    [("files", FILES), ("syntax", SYNTAX), ("structure", STRUCTURE), ("meaning", MEANING), ("options", OPTIONS)];

/// What was said to a case.
struct Said {
    code: i32,
    text: String,
}

/// The scenario of a case, if it changes the file.
fn scenario(kind: &str, change: &Change) -> Vec<u8> {
    let add = |lines: &str| format!("{BASE}\n{lines}\n").into_bytes();
    match change {
        Change::Swap(swaps) => {
            let swap = |text: String, (from, to): &(&str, &str)| {
                assert!(text.contains(from), "{kind}: the base has no {from}");
                text.replacen(from, to, 1)
            };
            swaps.iter().fold(BASE.to_owned(), swap).into_bytes()
        }
        Change::Add(lines) => add(lines),
        Change::Permit(lines) => add(&format!("{POLICY}{lines}")),
        Change::Forbid(lines) => add(&format!("{POLICY}[[policy.rule]]\neffect = \"forbid\"\n{lines}")),
        Change::Test(lines) => add(&format!(
            "{POLICY}title = \"All of it\"\n[[policy.test]]\npurpose = \"security\"\ncategory = \"phone_number\"\n{lines}"
        )),
        Change::Make(make) => make(BASE).into_bytes(),
        Change::Whole(bytes) => bytes.to_vec(),
        Change::Options(_) | Change::Path(_) => BASE.as_bytes().to_vec(),
    }
}

/// Runs the program on a case, in a folder of its own, so that no path depends on the machine.
fn say(kind: &str, change: &Change) -> Said {
    let folder = tempfile::tempdir().expect("a folder for the test");
    fs::write(folder.path().join("base.toml"), scenario(kind, change)).expect("can write");
    let args: Vec<&str> = match change {
        Change::Options(options) => ["run", "base.toml"].iter().chain(*options).copied().collect(),
        Change::Path(path) => vec!["validate", path],
        _ => vec!["validate", "base.toml"],
    };
    let output = Command::new(env!("CARGO_BIN_EXE_outflow"))
        .args(args)
        .env("NO_COLOR", "1")
        .current_dir(folder.path())
        .output()
        .expect("the program starts");
    let text = String::from_utf8(output.stderr).expect("messages are UTF-8");
    Said { code: output.status.code().unwrap_or(-1), text }
}

/// All cases by area, with what was said to each: once for all tests.
/// Chapters, and in each what is said to every case.
type Chapters = Vec<(&'static str, Vec<(&'static str, Said)>)>;

static SAID: LazyLock<Chapters> = LazyLock::new(|| {
    let all = |cases: &'static [Case]| cases.iter().map(|(kind, change)| (*kind, say(kind, change))).collect();
    AREAS.iter().map(|(name, cases)| (*name, all(cases))).collect()
});

/// All cases of an area with what was said.
fn area(name: &str) -> &'static [(&'static str, Said)] {
    let (_, all) = SAID.iter().find(|(n, _)| *n == name).expect("an area");
    all
}

/// One snapshot an area: each kind with all that was said to it.
fn hold(name: &str) {
    let mut text = String::new();
    for (kind, said) in area(name) {
        // What every message owes its reader.
        let warning = said.text.contains("  warning:") && !said.text.contains("  error:");
        assert_eq!(said.code, if warning { 0 } else { 2 }, "{kind}: {}", said.text);
        assert!(said.text.contains("  help: "), "{kind} does not say what to do: {}", said.text);
        assert!(!said.text.contains("panicked") && said.text.len() < 6000, "{kind}: {}", said.text);
        let placed =
            said.text.contains("-[base.toml:") || said.text.contains("-[preset:") || said.text.contains("-[--set");
        assert!(placed || ["files", "options"].contains(&name), "{kind} points at nothing: {}", said.text);
        text += &format!("=== {kind}\n\n{}\n\n", said.text.trim_end_matches('\n'));
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "diagnostics" }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn files_that_are_none() {
    hold("files");
}

#[test]
fn syntax() {
    hold("syntax");
}

#[test]
fn structure() {
    hold("structure");
}

#[test]
fn meaning() {
    hold("meaning");
}

#[test]
fn options() {
    hold("options");
}

#[test]
fn the_base_is_fine() {
    let said = say("base", &Change::Swap(&[]));
    assert_eq!((said.code, said.text.as_str()), (0, ""));
}

/// First message of what was said, and its help, each on one line.
fn message_and_help(text: &str) -> (String, String) {
    let mut message: Vec<&str> = Vec::new();
    let mut help: Vec<&str> = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(first) = line.trim_start().strip_prefix("error: ").or(line.trim_start().strip_prefix("warning: ")) {
            if !message.is_empty() {
                break;
            }
            message.push(first);
            while let Some(more) = lines.next_if(|l| l.starts_with("  | ")) {
                message.push(more.trim_start_matches(['|', ' ']));
            }
        } else if let Some(first) = line.strip_prefix("  help: ")
            && help.is_empty()
        {
            help.push(first);
            while let Some(more) = lines.next_if(|l| l.starts_with("        ")) {
                help.push(more.trim());
            }
        }
    }
    (message.join(" "), help.join(" "))
}

/// Text as a cell of a table: no bars, and outside of code nothing that Markdown would take for its own.
fn cell(text: &str) -> String {
    let escaped = |(i, part): (usize, &str)| match i % 2 {
        0 => part.replace('\\', "\\\\").replace('*', "\\*").replace('<', "&lt;"),
        _ => part.to_owned(),
    };
    text.replace('|', "\\|").split('`').enumerate().map(escaped).collect::<Vec<_>>().join("`")
}

/// The table of all kinds, as it stands in the guide.
fn table() -> String {
    let mut out = String::new();
    for (name, _) in AREAS {
        let title = match name {
            "files" => "Files",
            "syntax" => "Syntax",
            "structure" => "Keys and types",
            "meaning" => "Names, numbers and what they mean together",
            _ => "Options",
        };
        out += &format!("\n### {title}\n\n| kind | message | help |\n|---|---|---|\n");
        for (kind, said) in area(name) {
            let (message, help) = message_and_help(&said.text);
            let warning = said.text.trim_start().starts_with("warning:");
            let kind = if warning { format!("{kind} (warning)") } else { (*kind).to_owned() };
            out += &format!("| {} | {} | {} |\n", cell(&kind), cell(&message), cell(&help));
        }
    }
    out
}

#[test]
fn the_guide_lists_every_kind() {
    let kinds: Vec<&str> = AREAS.iter().flat_map(|(_, cases)| cases.iter().map(|(kind, _)| *kind)).collect();
    for (i, kind) in kinds.iter().enumerate() {
        assert!(!kinds[..i].contains(kind), "{kind} twice");
    }
    let guide = fs::read_to_string(Path::new(GUIDE)).expect("the guide");
    let (begin, end) = ("<!-- begin of the table -->\n", "\n<!-- end of the table -->");
    let (before, rest) = guide.split_once(begin).expect("where the table begins");
    let (held, after) = rest.split_once(end).expect("where the table ends");
    let count = format!("{} kinds", kinds.len());
    let table = table();
    if std::env::var_os("OUTFLOW_UPDATE").is_some() {
        fs::write(GUIDE, format!("{before}{begin}{table}{end}{after}")).expect("can write");
    } else {
        assert!(held == table, "docs/DIAGNOSTICS.md is not up to date: OUTFLOW_UPDATE=1 cargo test --test diagnostics");
    }
    assert!(before.contains(&count), "docs/DIAGNOSTICS.md should say {count}");
}

/// The rungs of the guide show what the program says, not what somebody remembers.
#[test]
fn the_guide_quotes_the_program() {
    let guide = fs::read_to_string(Path::new(GUIDE)).expect("the guide");
    let all: String = SAID.iter().flat_map(|(_, all)| all).map(|(_, said)| said.text.as_str()).collect();
    let mut quoted = 0;
    for block in guide.split("```text\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        // Blocks that show how it should not be are not ours.
        if block.contains(",-[base.toml") {
            assert!(all.contains(block.trim_end()), "no case says\n{block}");
            quoted += 1;
        }
    }
    assert!(quoted >= 4, "{quoted} quotations");
}
