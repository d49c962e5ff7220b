//! The scenarios that ship, in the program too: wherever a scenario file is asked for, their names will do.

use std::fs;
use std::path::Path;

use super::diagnostic::{Diagnostic, list, nearest};
use super::place::Text;
use super::source::load_file;

/// Names and texts.
const SHIPPED: [(&str, &str); 11] = [
    ("alike", include_str!("../../scenarios/alike.toml")),
    ("bi-designs", include_str!("../../scenarios/bi-designs.toml")),
    ("cnil-2017", include_str!("../../scenarios/cnil-2017.toml")),
    ("collateral", include_str!("../../scenarios/collateral.toml")),
    ("hamburg-2016", include_str!("../../scenarios/hamburg-2016.toml")),
    ("lossy-hash", include_str!("../../scenarios/lossy-hash.toml")),
    ("necessity", include_str!("../../scenarios/necessity.toml")),
    ("opt-out-vs-opt-in", include_str!("../../scenarios/opt-out-vs-opt-in.toml")),
    ("uk-2018", include_str!("../../scenarios/uk-2018.toml")),
    ("uninstall", include_str!("../../scenarios/uninstall.toml")),
    ("whatsapp-day", include_str!("../../scenarios/whatsapp-day.toml")),
];

/// The names of the scenarios that ship.
pub fn shipped_names() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|s| s.0)
}

/// The text of the scenario that ships under a name: `cnil-2017`, also with `.toml`, and as it lies in the source,
/// `scenarios/cnil-2017.toml`.
pub fn shipped(name: &str) -> Option<&'static str> {
    let name = plain(name);
    SHIPPED.iter().find(|s| s.0 == name).map(|s| s.1)
}

/// Without what a name can do without.
fn plain(name: &str) -> &str {
    let name = name.strip_prefix("./").unwrap_or(name);
    let name = name.strip_prefix("scenarios/").unwrap_or(name);
    name.strip_suffix(".toml").unwrap_or(name)
}

/// The file, or, if there is none, the scenario that ships under this name. A folder of the name is no file: results may lie in it.
pub fn file_or_shipped(path: &Path) -> Result<Text, Diagnostic> {
    let typed = path.to_string_lossy();
    let no_file = fs::metadata(path).map_or_else(|e| e.kind() == std::io::ErrorKind::NotFound, |m| m.is_dir());
    if !no_file {
        return load_file(path);
    }
    match shipped(&typed) {
        Some(text) => Ok(Text { name: format!("{} (built in)", plain(&typed)), text: text.replace("\r\n", "\n") }),
        None => load_file(path).map_err(|error| offer(error, &typed)),
    }
}

/// Besides what the folder has, the scenarios that ship, if a name was typed and no path to a file elsewhere.
fn offer(error: Diagnostic, typed: &str) -> Diagnostic {
    let name = plain(typed);
    if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
        return error;
    }
    let names: Vec<&str> = shipped_names().collect();
    match nearest(name, names.iter().copied()) {
        Some(near) => error.help(format!("did you mean `{near}`, which ships?")),
        None if typed.contains(['/', '.']) => error,
        None => error.hint(format!("{} ship, and need no file", list(&names, "and"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_lie_in_the_source_ship() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let mut names: Vec<String> = fs::read_dir(&folder)
            .expect("a folder")
            .map(|e| e.expect("readable").file_name().to_string_lossy().into_owned())
            .filter(|n| n.ends_with(".toml"))
            .collect();
        names.sort();
        assert_eq!(names, shipped_names().map(|n| format!("{n}.toml")).collect::<Vec<_>>());
        for name in names {
            let file = fs::read_to_string(folder.join(&name)).expect("readable");
            let stem = name.trim_end_matches(".toml");
            for typed in [stem.to_owned(), name.clone(), format!("scenarios/{name}"), format!("./scenarios/{stem}")] {
                assert_eq!(shipped(&typed), Some(&*file), "{typed}");
            }
        }
        for typed in ["", "cnil", "cnil-2017.toml.toml", "elsewhere/cnil-2017.toml", "/cnil-2017", "scenarios/"] {
            assert_eq!(shipped(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_file_comes_first_and_a_wrong_name_gets_the_nearest() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let own = folder.path().join("cnil-2017.toml");
        fs::write(&own, "[scenario]\nname = \"own\"\n").expect("can write");
        assert!(file_or_shipped(&own).expect("a file").text.contains("own"));
        let told = |typed: &str| {
            let d = file_or_shipped(Path::new(typed)).expect_err("no such file");
            (d.help.map(String::from).unwrap_or_default(), d.hint.map(String::from).unwrap_or_default())
        };
        assert_eq!(told("cnil-2071").0, "did you mean `cnil-2017`, which ships?");
        assert_eq!(told("scenarios/hamburg-2015.toml").0, "did you mean `hamburg-2016`, which ships?");
        let (_, hint) = told("my-own-question");
        assert!(shipped_names().all(|name| hint.contains(&format!("`{name}`"))), "{hint}");
        let (help, hint) = told("elsewhere/cnil-2017.toml");
        assert!(help.contains("there is no folder `elsewhere`") && hint.is_empty(), "{help} {hint}");
    }
}
