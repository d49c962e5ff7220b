use std::sync::Arc;

use super::*;
use crate::scenario::place::Text;

fn place(text: &str, what: &str) -> Place {
    let source = Arc::new(Text { name: "x.toml".to_owned(), text: text.to_owned() });
    let start = text.find(what).expect("the text has it");
    Place { source, span: start..start + what.len() }
}

#[test]
fn nearest_finds_what_was_meant() {
    let keys = ["parent_account", "messages_per_active_day", "share", "categories", "purposes", "id", "counterparty"];
    for (word, meant) in [
        ("parent-account", "parent_account"),
        ("PARENT_ACCOUNT", "parent_account"),
        ("account_parent", "parent_account"),
        ("parent_acount", "parent_account"),
        ("messages_per_user_day", "messages_per_active_day"),
        ("shrae", "share"),
        ("shares", "share"),
        ("category", "categories"),
        ("purpose", "purposes"),
        ("ids", "id"),
        ("counter", "counterparty"),
    ] {
        assert_eq!(nearest(word, keys), Some(meant), "{word}");
    }
    for word in ["", "seed", "zz", "weather", &"x".repeat(1_000_000)] {
        assert_eq!(nearest(word, keys), None, "{}", word.len());
    }
    for (word, meant) in [
        ("deny", Some("forbid")),
        ("Sender", Some("actor")),
        ("allow", None),
        ("number", None),
        ("advertising", Some("targeted_advertising")),
    ] {
        let words = ["forbid", "actor", "phone_number", "part_number", "targeted_advertising"];
        assert_eq!(nearest(word, words), meant, "{word}");
    }
    assert_eq!(nearest("fr", ["DE", "FR"]), Some("FR"));
    assert_eq!(nearest("BE", ["DE", "FR"]), None, "two letters are too few to guess by");
    assert_eq!(nearest("a", []), None);
    assert_eq!(nearest("x", ["y"]), None, "one letter of one is all of it");
}

#[test]
fn shows_file_line_label_and_help() {
    let at = place("a = 1\nshrae = 0.3 # x\n", "shrae");
    let drawn = render(&[Diagnostic::error("unknown key `shrae`").at(&at, "unknown key").help("use `share`")], false);
    for part in
        ["error: unknown key `shrae`", "[x.toml:2:1]", "2 | shrae = 0.3 # x", "`-- unknown key", "help: use `share`"]
    {
        assert!(drawn.contains(part), "{part} in\n{drawn}");
    }
    assert!(drawn.ends_with("\n1 error in x.toml\n"), "{drawn}");
    assert!(drawn.is_ascii(), "{drawn}");
    let coloured = render(&[Diagnostic::error("e").at(&at, "here")], true);
    assert!(coloured.contains('\u{1b}') && coloured.contains('│'), "{coloured}");
}

#[test]
fn hints_stand_below_help_and_wrap() {
    let at = place("a = 1\nshrae = 0.3 # x\n", "shrae");
    let mut other = place("x = 1", "x");
    other.source = Arc::new(Text { name: "preset:p".to_owned(), text: "x = 1".to_owned() });
    let long = "word ".repeat(60);
    let problem =
        Diagnostic::error("e").at(&at, "").also(&other, "there").help("do this").hint(format!("{long}\u{1b}\nend"));
    for colour in [false, true] {
        let drawn = render(std::slice::from_ref(&problem), colour);
        let find = |part: &str| drawn.find(part).unwrap_or_else(|| panic!("{part} in\n{drawn}"));
        assert!(find("help: ") < find("hint: ") && find("hint: ") < find("note:"), "{drawn}");
        assert!(drawn.contains("\n        word word"), "{drawn}");
        assert!(drawn.lines().filter(|l| l.contains("word")).all(|l| l.chars().count() <= 130), "{drawn}");
        assert!(!drawn.contains("word \u{1b}") && drawn.contains("\n        end\n"), "{drawn:?}");
    }
}

#[test]
fn sorts_counts_and_limits() {
    let text = "a = 1\n".repeat(100);
    let source = Arc::new(Text { name: "x.toml".to_owned(), text });
    let at = |line: usize| Place { source: source.clone(), span: line * 6..line * 6 + 1 };
    let mut all: Vec<Diagnostic> =
        (0..30).rev().map(|i| Diagnostic::error(format!("no {i};")).at(&at(i), "")).collect();
    all.push(Diagnostic::warning("careful").at(&at(0), ""));
    let drawn = render(&all, false);
    assert!(drawn.find("no 3;") < drawn.find("no 4;"), "{drawn}");
    assert!(drawn.contains("... and 11 more\n30 errors, 1 warning in x.toml\n"), "{drawn}");
    assert!(!drawn.contains("careful") && !drawn.contains("no 20;"), "errors come first\n{drawn}");
    assert_eq!(render(&[], false), "");
    assert!(render(&[Diagnostic::warning("w"), Diagnostic::warning("v")], false).ends_with("2 warnings\n"));
    assert!(!Diagnostics::from(Diagnostic::warning("w")).has_errors());
}

#[test]
fn long_lines_are_cut_around_the_place() {
    let text = format!("a = [{}, \"wrong\", {}]", "1, ".repeat(100_000), "2, ".repeat(100_000));
    let at = place(&text, "\"wrong\"");
    let drawn = render(&[Diagnostic::error("e").at(&at, "here")], false);
    assert!(drawn.contains("\"wrong\"") && drawn.contains("..."), "{drawn}");
    assert!(drawn.lines().all(|l| l.chars().count() < 200), "{drawn}");
    assert!(drawn.contains(&format!("[x.toml:1:{}]", at.span.start + 1)), "{drawn}");
}

#[test]
fn two_labels_in_one_file_and_one_in_another() {
    let text = "a = 1\nb = 2\nc = 3\na = 4\n";
    let (first, second) = (place(text, "a = 1"), place(text, "a = 4"));
    let second = Place { source: first.source.clone(), ..second };
    let mut other = place("x = 1", "x");
    other.source = Arc::new(Text { name: "preset:p".to_owned(), text: "x = 1".to_owned() });
    let problem =
        Diagnostic::error("twice").at(&second, "again").also(&first, "first").also(&other, "the preset has it too");
    let drawn = render(&[problem], false);
    for part in ["[x.toml:4:1]", "`-- again", "`-- first", "note: the preset has it too", "[preset:p:1:1]"] {
        assert!(drawn.contains(part), "{part} in\n{drawn}");
    }
}

#[test]
fn draws_any_place_of_any_text() {
    for text in [
        "",
        "\n",
        "\n\n\n",
        "ä",
        "a\r\nb\r\n",
        "\t\tx = 1",
        "日本語 = 1\n",
        "a = \"\"\"\nlong\nlines\n\"\"\"\n",
        "\u{feff}a",
    ] {
        let source = Arc::new(Text { name: "x".to_owned(), text: text.to_owned() });
        for start in 0..=text.len() + 2 {
            for end in start..=text.len() + 2 {
                let at = Place { source: source.clone(), span: start..end };
                let drawn = render(&[Diagnostic::error("e").at(&at, "here").also(&at, "too")], false);
                assert!(drawn.contains("here") && !drawn.contains("Failed"), "{text:?} {start} {end}\n{drawn}");
                assert!(at.line_column().0 > 0);
            }
        }
    }
}

#[test]
fn nothing_of_a_file_steers_the_terminal() {
    let at = place("a = \"\u{1b}[31m\u{202e}\"", "a");
    let drawn = render(&[Diagnostic::error("bad \u{1b}[0m").at(&at, "\u{7}").help("\u{9b}")], false);
    assert!(!drawn.contains(['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}']), "{drawn:?}");
}

#[test]
fn errors_in_one_line() {
    let at = place("a = 1\nbc = 2", "c");
    assert_eq!(Diagnostic::error("wrong").at(&at, "").to_string(), "x.toml:2:2: wrong");
    assert_eq!(clip("abcdef", 3), "abc...");
    assert_eq!(clip("abc\ndef", 9), "abc...");
    assert_eq!(clip("abc", 3), "abc");
    assert_eq!(list(&["a", "b", "c"], "or"), "`a`, `b` or `c`");
}
