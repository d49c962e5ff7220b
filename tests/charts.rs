//! Charts and page of runs with more, or other, than they can show; and runs that can't end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/cnil-2017.toml");

fn outflow(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_outflow")).args(args).env("NO_COLOR", "1").output().expect("the program starts")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("JSON")
}

/// The shipped scenario's head (jurisdictions and all) with policies and orders of our own, as a file.
fn scenario(dir: &Path, more: &str) -> PathBuf {
    let shipped = fs::read_to_string(SCENARIO).expect("the scenario");
    let head = shipped.split("\n[[policy]]").next().expect("a head");
    let path = dir.join("many.toml");
    fs::write(&path, format!("{head}\n{more}")).expect("can write");
    path
}

fn policies(n: usize) -> String {
    let policy = |i| {
        let category = ["phone_number", "contacts", "device_id"][i % 3];
        format!(
            "[[policy]]\nid = \"p{i}\"\ntitle = \"Policy number {i}\"\nsource = \"a test\"\n[[policy.rule]]\neffect = \"permit\"\n\
             categories = [\"{category}\"]\n"
        )
    };
    (0..n).map(policy).collect()
}

fn orders(n: usize) -> String {
    let order = |i| {
        let day = 1 + i % 28;
        format!(
            "[[order]]\nid = \"o{i}\"\ntitle = \"Order number {i}\"\nregulator = \"Regulator {i}\"\njurisdictions = [\"FR\"]\n\
             prohibits = [\"targeted_advertising\"]\nnotice = 2017-11-{day:02}\ndeadline = \"29 days\"\nregime = \"law\"\n\
             status = \"none\"\nsource = \"a test\"\nquality = \"assumed\"\n"
        )
    };
    (0..n).map(order).collect()
}

/// Runs `path` small into `dir`/out.
fn run(dir: &Path, path: &Path, more: &[&str]) -> (Output, PathBuf) {
    let out = dir.join("out");
    let mut args = vec!["run", text(path), "--people", "300", "--days", "2", "--quiet", "--output", text(&out)];
    args.extend(more);
    (outflow(&args), out)
}

#[test]
fn titles_in_other_scripts_are_seen_or_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let named = policies(4)
        .replace("\"Policy number 0\"", "\"Πολιτική, țară și ∞\"")
        .replace("\"Policy number 1\"", "\"東京の方針\"")
        .replace("\"Policy number 2\"", "\"safe\\u202e evil \\u001b[31m\"");
    let path = scenario(dir.path(), &named);
    let (output, out) = run(dir.path(), &path, &[]);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    for said in ["the title of policy `p1` ", "東 (U+6771)", "the title of policy `p2` ", "U+202E and U+001B"] {
        assert!(stderr.contains(said), "{said} in {stderr}");
    }
    assert!(!stderr.contains("`p0`") && !stderr.contains("`p3`"), "{stderr}");
    assert!(!stderr.contains('\u{202e}') && !stderr.contains('\u{1b}'));
    let warnings = json(&out.join("manifest.json"))["warnings"].clone();
    assert_eq!(warnings.as_array().map(Vec::len), Some(2), "{warnings}");

    let page = fs::read_to_string(out.join("report.html")).expect("a page");
    assert!(page.contains("東京の方針") && page.contains("title of policy `p1`"), "page and manifest say so");
    for entry in fs::read_dir(out.join("charts")).expect("charts") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|e| e == "png") {
            let reader = png::Decoder::new(std::io::BufReader::new(fs::File::open(&path).expect("a picture")));
            let reader = reader.read_info().expect("a PNG");
            let (info, dims) = (reader.info(), reader.info().pixel_dims.expect("a physical size"));
            assert_eq!((info.width, dims.xppu, dims.yppu, dims.unit), (2008, 11812, 11812, png::Unit::Meter));
        } else {
            let content = fs::read_to_string(&path).expect("text");
            assert!(!content.contains('\u{202e}') && !content.contains('\u{1b}'), "{}", path.display());
            assert!(!content.contains("\\u001b"), "{}", path.display());
        }
    }
    assert!(!page.contains('\u{202e}') && !page.contains('\u{1b}'));
    let validate = outflow(&["validate", text(&path)]);
    assert_eq!(validate.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&validate.stderr).contains("the title of policy `p1` "));
}

/// Far more policies than anybody can look at: pictures and page show some and say so, tables have all, in little memory.
#[test]
#[cfg(target_os = "linux")]
fn many_policies_fit_on_paper_and_in_memory() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = scenario(dir.path(), &policies(300));
    let out = dir.path().join("out");
    // All that a process may write to, in KiB.
    let limited = "ulimit -d 500000 && exec \"$0\" \"$@\"";
    let output = Command::new("sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_outflow"), "run", text(&path), "--people", "300", "--days", "2"])
        .args(["--threads", "2", "--output", text(&out)])
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains("and 288 more policies") && !stdout.contains("Policy number 12 "), "{stdout}");
    let tables = fs::read_to_string(out.join("tables/exposure.csv")).expect("a table");
    assert!(tables.contains("\np299,"));
    let chart = json(&out.join("charts/exposure-by-purpose.json"));
    assert_eq!(chart["left_out"][0]["of"], 300);
    let page = fs::read_to_string(out.join("report.html")).expect("a page");
    assert!(page.contains("12 of 300 policies are shown") && page.contains("240 more policies: see"));
    assert!(page.len() < 1_500_000, "the page has {} bytes", page.len());
    assert_eq!(json(&out.join("manifest.json"))["warnings"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_thousand_orders_are_drawn_as_far_as_they_can_be() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = scenario(dir.path(), &(policies(1) + &orders(1000)));
    let (output, out) = run(dir.path(), &path, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(json(&out.join("manifest.json"))["warnings"].as_array().map(Vec::len), Some(0));
    for chart in ["exposure-by-purpose", "exceedance"] {
        assert!(out.join(format!("charts/{chart}.png")).is_file(), "{chart}");
    }
    assert_eq!(json(&out.join("charts/exceedance.json"))["left_out"][0]["of"], 1000);
    let page = fs::read_to_string(out.join("report.html")).expect("a page");
    assert!(page.contains("976 more orders: see"));
}

#[test]
fn what_cannot_end_is_refused_before_it_begins() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = scenario(dir.path(), &policies(400));
    let out = dir.path().join("out");
    let args = ["run", text(&path), "--people", "300", "--days", "3653", "--quiet", "--output", text(&out)];
    let output = outflow(&args);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    for said in ["of memory", "at most 4.3 GB", "400 policies", "3653 days", "help:"] {
        assert!(stderr.contains(said), "{said} in {stderr}");
    }
    assert!(!out.exists(), "nothing was begun");
}

#[test]
fn the_page_has_people_by_jurisdiction() {
    let dir = tempfile::tempdir().expect("a folder");
    let (output, out) = run(dir.path(), Path::new(SCENARIO), &["--seed", "3", "--replicates", "1"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let page = fs::read_to_string(out.join("report.html")).expect("a page");
    let section =
        page.split("id=\"jurisdictions\"").nth(1).expect("a section").split("</section>").next().expect("its end");
    let table = fs::read_to_string(out.join("tables/exposure.csv")).expect("a table");
    let value = |policy: &str, population: &str, metric: &str| {
        let start = format!("{policy},all,FR,{population},all,{metric},\"");
        let line = table.lines().find_map(|l| l.strip_prefix(&*start)).expect("a row");
        let (_split, figures) = line.split_once("\",").expect("a split");
        figures.split(',').next().expect("a value").to_owned()
    };
    // A row of the table: France under a policy, all people first, then the populations.
    let row = |policy: &str| {
        let from = section.split(&*format!("<span class=\"main\">{policy}</span></span></th>")).nth(1).expect("a row");
        from.split("</tr>").next().expect("its end").to_owned()
    };
    for population in ["all", "not_objecting", "objecting", "non_user"] {
        let there = value("full-sharing", population, "people");
        assert!(row("Everybody in the model").contains(&format!(">{there}<")), "{population}: {there}");
        for (policy, title) in [("full-sharing", "Full sharing"), ("security-only", "Security only")] {
            let exposed = value(policy, population, "people_exposed");
            assert!(row(title).contains(&format!(">{exposed} (")), "{policy}, {population}: {exposed}");
        }
    }
    assert!(row("Full sharing").contains("France"));
}
