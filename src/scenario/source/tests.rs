use std::fs;
use std::path::{Path as FilePath, PathBuf};

use super::*;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::place::{Place, Text};

fn text(toml: &str) -> Text {
    Text { name: "x.toml".to_owned(), text: toml.to_owned() }
}

fn parse(toml: &str) -> Node {
    Node::parse(text(toml)).unwrap_or_else(|e| panic!("{e}"))
}

/// The first error.
fn fails(toml: &str) -> Diagnostic {
    Node::parse(text(toml)).expect_err(toml).0.swap_remove(0)
}

fn identity(key: &str) -> Option<&'static str> {
    match key {
        "jurisdiction" => Some("code"),
        "policy" => Some("id"),
        _ => None,
    }
}

fn set(toml: &str, assignments: &[&str]) -> Result<Text, Diagnostic> {
    let assignments: Vec<String> = assignments.iter().map(|s| (*s).to_owned()).collect();
    apply_set(&text(toml), &assignments, &identity).map_err(|mut all| all.0.swap_remove(0))
}

const FILE: &str = "\
name = \"x\" # note
[traffic]
rate = 3 # per day
[[jurisdiction]]
code = \"FR\"
share = 0.5
[[policy]]
id = \"opt-out\"
[[policy.rule]]
purposes = [\"a\", \"b\"]
";

#[test]
fn every_value_knows_its_place_and_nothing_is_lost() {
    let toml = format!("b = 1\na = [1.5, true, 2017-11-27, {{ x = 'y' }}]\nseed = 0x10\n{}", &FILE[18..]);
    let node = parse(&toml);
    assert_eq!(node.to_toml(), toml.parse::<toml::Table>().map(toml::Value::Table).expect("TOML"));
    let path = Path::root().key("policy").index(0).key("rule").index(0).key("purposes").index(1);
    assert_eq!(path.to_string(), "policy[0].rule[0].purposes[1]");
    assert_eq!(node.locate(&path).map(|n| n.place.snippet()), Some("\"b\""));
    let path = Path::root().key("policy").index(0).key("rule").index(7).key("purposes");
    assert!(node.locate(&path).is_none());
    assert!(node.locate_nearest(&path).elements().len() == 1);
    let share = Path::root().key("jurisdiction").index(0).key("share");
    assert_eq!(node.key_place(&share).map(Place::line_column), Some((8, 1)));
    assert_eq!(node.get("jurisdiction").map(|n| n.elements()[0].place.snippet()), Some("[[jurisdiction]]"));
    let Value::Table(entries) = &node.value else { panic!() };
    assert_eq!(entries.iter().map(|e| &*e.key).collect::<Vec<_>>()[..3], ["b", "a", "seed"], "order of the file");
}

#[test]
fn decode_names_the_value_that_serde_rejects() {
    #[derive(Debug, serde::Deserialize)]
    struct Doc {
        traffic: std::collections::BTreeMap<String, u8>,
    }
    assert_eq!(parse(FILE).decode::<Doc>().expect("fits").traffic["rate"], 3);
    let error = parse("[traffic]\nrate = 300").decode::<Doc>().expect_err("too large");
    assert!(error.place.is_some_and(|p| p.line_column().0 >= 1) && error.message.contains("300"), "{}", error.message);
}

#[test]
fn syntax_errors_say_how_to_write_it() {
    for (toml, message, help) in [
        ("a = foo", "`foo` is not a value", "\"foo\""),
        ("a = ", "a value is missing", "in quotes"),
        ("a = True", "`True` is not a value", "write true"),
        ("a = null", "not a value", "leave the key out"),
        ("a = 30%", "`30%` is not a value", "0.3"),
        ("a = \u{201c}x\u{201d}", "not a value", "straight"),
        ("a: 3", "expected `=`", "key = value"),
        ("a 3", "without a value", "key = value"),
        ("a = \"C:\\path\"", "escape", "single quotes"),
        ("a = 05", "starts with 0", "zero"),
        ("a = .5", "decimal point", "0 before"),
        ("a = 2016-9-25", "not a date", "2016-09-25"),
        ("a = 2017-02-30", "not a date", "2016-09-25"),
        ("a = 99999999999999999999", "too large", "9223372036854775807"),
        ("a = 1\na = 2", "`a` is defined twice", "keep one"),
    ] {
        let error = fails(toml);
        assert!(error.message.contains(message), "{toml}: {}", error.message);
        assert!(error.help.as_deref().is_some_and(|h| h.contains(help)), "{toml}: {:?}", error.help);
        assert!(error.place.is_some(), "{toml}");
    }
    for toml in [
        "a = 'x",
        "[a\nb = 1",
        "a = [1,",
        "a = 1 b = 2",
        "a = 1e999",
        "= 3",
        "a=1\rb=2",
        "a = \"\u{1b}\"",
        "a={b=1,b=2}",
    ] {
        assert!(fails(toml).place.is_some(), "{toml}");
    }
    assert!(parse("\u{feff}a = 1\r\nb = 2\r\n").get("b").is_some());
}

#[test]
fn a_second_definition_points_at_the_first() {
    for (toml, first) in [
        ("[a]\nx = 1\ny = 2\n x = 3\n", Some((2, 1))),
        ("[a]\nx = 1\n[b]\n[a]\n", Some((1, 1))),
        ("a = { b = 1, b = 2 }", None),
    ] {
        let error = fails(toml);
        assert_eq!(error.also.first().map(|(place, _)| place.line_column()), first, "{toml}");
    }
}

#[test]
fn nesting_is_bounded_before_the_stack_is() {
    let dots = |n: usize| vec!["a"; n].join(".");
    let product = format!("[{0}]\n{0} = {1}1{2}", dots(70), format!("{{{} = ", dots(70)).repeat(70), "}".repeat(70));
    for toml in [
        format!("a = {}", "[".repeat(4 << 20)),
        format!("a = {}", "[\n".repeat(1 << 20)),
        format!("a = {}", "{a=".repeat(1 << 20)),
        "[".repeat(1 << 20),
        format!("{} = 1", dots(1 << 20)),
        format!("[{}]", dots(1 << 20)),
        format!("[{0}]\n{0} = 1", dots(40)),
        product,
    ] {
        assert!(fails(&toml).message.contains("nested too deeply"), "{}", &toml[..20]);
    }
    // Brackets and dots in strings, comments and long lists are none.
    parse(&format!(
        "a = '{0}' # {0}\nb = \"\\\"{0}\"\nc = '''\n{0}'''\nd = [{1}]\n",
        "[.".repeat(99),
        "0.5, ".repeat(999)
    ));
    parse(&format!("a = {}{}", "[".repeat(40), "]".repeat(40)));
    parse(&"a.b = 0.1\n".replace('a', "[x.y]\na"));
}

#[test]
fn overlay_merges_tables_and_named_elements() {
    let base = parse("[t]\na = 1\nb = 2\n[[policy]]\nid = 'p'\ntitle = 'old'\nrule = [1]\n[[policy]]\nid = 'q'\n");
    let over = Node::parse(Text {
        name: "over".to_owned(),
        text: "list = [1]\n[t]\nb = 3\n[[policy]]\nid = 'r'\n[[policy]]\nid = 'p'\nrule = [2, 3]\n".to_owned(),
    });
    let merged = overlay(base, over.expect("TOML"), &identity);
    let expected = "list = [1]\n[t]\na = 1\nb = 3\n\
        [[policy]]\nid = 'p'\ntitle = 'old'\nrule = [2, 3]\n[[policy]]\nid = 'q'\n[[policy]]\nid = 'r'\n";
    assert_eq!(merged.to_toml(), toml::Value::Table(expected.parse().expect("TOML")));
    let origin = |path: Path| merged.locate(&path).map(|n| n.place.source.name.clone()).unwrap_or_default();
    assert_eq!(origin(Path::root().key("t").key("a")), "x.toml");
    assert_eq!(origin(Path::root().key("t").key("b")), "over");
    assert_eq!(origin(Path::root().key("policy").index(0).key("title")), "x.toml");
    assert_eq!(origin(Path::root().key("policy").index(0)), "over");
}

#[test]
fn overlay_keeps_what_is_defined_twice() {
    let base = parse("[[policy]]\nid = 'p'\na = 1\n");
    let over = parse("[[policy]]\nid = 'p'\nb = 2\n[[policy]]\nid = 'p'\nb = 3\n[[policy]]\nb = 4\n");
    let merged = overlay(base, over, &identity);
    let ids: Vec<_> =
        merged.get("policy").into_iter().flat_map(Node::elements).map(|n| n.get("id").is_some()).collect();
    assert_eq!(ids, [true, true, false]);
    // What has no identity, or is no array of tables, is replaced.
    let merged =
        overlay(parse("policy = [1]\nx = [1]\ny = 1"), parse("policy = [{id = 'p'}]\nx = []\ny.z = 1"), &identity);
    assert_eq!(merged.get("policy").map(|n| n.elements().len()), Some(1));
    assert_eq!(merged.get("x").map(|n| n.elements().len()), Some(0));
    assert!(merged.get("y").is_some_and(|y| y.get("z").is_some()));
}

#[test]
fn set_edits_in_place() {
    let edited = set(FILE, &["traffic.rate=60", "jurisdiction.FR.share = 0.3", "policy.opt-out.title=\"x y\""]);
    let edited = edited.expect("valid");
    assert_eq!(edited.name, "x.toml (as changed by options)");
    assert!(edited.text.contains("rate = 60 # per day\n"), "comments stay\n{}", edited.text);
    assert!(edited.text.contains("share = 0.3\n[[policy]]\nid = \"opt-out\"\ntitle = \"x y\"\n"), "{}", edited.text);
    assert_eq!(set(FILE, &[]).expect("valid"), text(FILE));
    assert_eq!(set(FILE, &["name=y"]).expect("valid").name, "x.toml (with --set name=y)");
}

#[test]
fn set_reaches_everything() {
    let value = |assignment: &str, path: &Path| {
        let edited = set(FILE, &[assignment]).unwrap_or_else(|e| panic!("{assignment}: {e}"));
        parse(&edited.text).locate(path).map(|n| n.to_toml().to_string()).unwrap_or_else(|| edited.text.clone())
    };
    let root = Path::root();
    assert_eq!(value("name=summer-2016", &root.key("name")), "\"summer-2016\"");
    assert_eq!(value("start=2017-11-27", &root.key("start")), "2017-11-27");
    assert_eq!(value("on=true", &root.key("on")), "true");
    assert_eq!(value("\"a=b\".c=1", &root.key("a=b").key("c")), "1");
    assert_eq!(value("a.b.c.d=1.5", &root.key("a").key("b").key("c").key("d")), "1.5");
    assert_eq!(value("traffic={ rate = 1 }", &root.key("traffic").key("rate")), "1");
    let policy = root.key("policy").index(0);
    assert_eq!(value("policy.0.title=x", &policy.key("title")), "\"x\"");
    assert_eq!(value("policy.opt-out.rule.0.minor=true", &policy.key("rule").index(0).key("minor")), "true");
    assert_eq!(
        value("policy.opt-out.rule.0.purposes.1=c", &policy.key("rule").index(0).key("purposes").index(1)),
        "\"c\""
    );
    // An element that only a preset has.
    let new = root.key("jurisdiction").index(1);
    assert_eq!(value("jurisdiction.DE.share=0.3", &new.key("code")), "\"DE\"");
    assert_eq!(value("jurisdiction.DE.share=0.3", &new.key("share")), "0.3");
    assert_eq!(value("jurisdiction.DE.os.ios=0.3", &new.key("os").key("ios")), "0.3");
    // The same in the inline style, and without the array.
    let inline = set("jurisdiction = [{ code = 'FR' }]", &["jurisdiction.FR.share=1", "jurisdiction.DE.share=2"]);
    let inline = parse(&inline.expect("valid").text);
    assert_eq!(
        inline.get("jurisdiction").map(|n| n.to_toml().to_string()).as_deref(),
        Some("[{ code = \"FR\", share = 1 }, { code = \"DE\", share = 2 }]")
    );
    let fresh = parse(&set("a = { }", &["policy.p.title=x", "a.policy.p.b=1"]).expect("valid").text);
    assert_eq!(
        fresh.to_toml().to_string(),
        "{ a = { policy = [{ b = 1, id = \"p\" }] }, policy = [{ id = \"p\", title = \"x\" }] }"
    );
}

#[test]
fn set_says_what_is_wrong_with_it() {
    for (assignment, message) in [
        ("traffic.rate", "needs a key and a value"),
        ("", "needs a key and a value"),
        ("=3", "needs a key"),
        ("a..b=3", "needs a key"),
        ("name=", "needs a value"),
        ("name=two words", "not a TOML value"),
        ("name=\"open", "not a TOML value"),
        ("name.x=1", "`name` is not a table"),
        ("policy.7.title=x", "`policy.7` does not exist: the file has 1"),
        ("policy.opt-out=x", "name the key"),
        ("policy.opt-out.rule.first.minor=true", "not a number"),
        ("policy.opt-out.rule.0.purposes.0.x=1", "is not a table"),
    ] {
        let error = set(FILE, &[assignment]).expect_err(assignment);
        assert!(error.message.contains(message), "{assignment}: {}", error.message);
        assert_eq!(error.place.map(|p| p.source.name.clone()).as_deref(), Some("--set"), "{assignment}");
    }
    let deep = format!("a={}", "[".repeat(100_000));
    assert!(set(FILE, &[&deep]).is_err());
    assert!(set("a = foo", &["b=1"]).expect_err("file").message.contains("`foo`"), "an error of the file is one");
}

/// A folder that is gone after the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("outflow-source-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).expect("can create");
        Self(path)
    }
    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).expect("can write");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn files_that_are_no_scenarios() {
    let folder = Folder::new("bad");
    let message = |path: &FilePath| {
        let error = load_file(path).expect_err("bad file");
        format!("{} | {}", error.message, error.help.unwrap_or_default())
    };
    assert!(message(&folder.0.join("x.toml")).contains("no .toml file"));
    folder.put("summer.toml", b"a = 1\n");
    assert!(load_file(&folder.0.join("summer.toml")).is_ok());
    assert!(message(&folder.0.join("sumer.toml")).contains("summer.toml`?"));
    assert!(message(&folder.0.join("summer")).contains("summer.toml`?"));
    assert!(message(&folder.0.join("else.toml")).contains("has `summer.toml`"));
    assert!(message(&folder.0.join("none/x.toml")).contains("no folder"));
    assert!(message(&folder.0).contains("is a folder"));
    assert!(message(&folder.put("empty.toml", b" \n")).contains("is empty"));
    assert!(message(&folder.put("nul.toml", b"a = 1\n\0")).contains("byte 6 is zero"));
    assert!(message(&folder.put("latin.toml", b"a = 1\nb = '\xe9'")).contains("byte 11 (line 2) is not valid UTF-8"));
    assert!(message(&folder.put("utf16.toml", b"\xff\xfea\0")).contains("UTF-16"));
    assert!(message(&folder.put("large.toml", &vec![b'#'; (4 << 20) + 1])).contains("too large"));
    assert!(load_file(&folder.put("just.toml", &vec![b'#'; 4 << 20])).is_ok());
}
