//! Presets that ship inside the program: parts of scenarios that several share.

use std::sync::LazyLock;

use super::diagnostic::Diagnostics;
use super::place::Text;
use super::source::{Node, overlay};

/// A preset: name, what it holds, TOML text.
pub struct Preset {
    /// Name in `presets = [...]`.
    pub name: &'static str,
    /// TOML text.
    pub text: &'static str,
    /// Whether a scenario may count on it for what it leaves out. The others change what these say.
    pub whole: bool,
}

/// All presets.
pub static PRESETS: [Preset; 6] = [
    Preset { name: "whatsapp-2017", text: include_str!("presets/whatsapp-2017.toml"), whole: true },
    Preset { name: "countries-2017", text: include_str!("presets/countries-2017.toml"), whole: true },
    Preset { name: "objections-nhs-2021", text: include_str!("presets/objections-nhs-2021.toml"), whole: false },
    Preset { name: "policies-whatsapp", text: include_str!("presets/policies-whatsapp.toml"), whole: true },
    Preset { name: "purposes-2017", text: include_str!("presets/purposes-2017.toml"), whole: false },
    Preset { name: "orders-whatsapp", text: include_str!("presets/orders-whatsapp.toml"), whole: true },
];

/// A scenario to begin with; `@NAME@`, `@FILE@` and `@SCHEMA@` stand for what `outflow init` puts there.
pub const TEMPLATE: &str = include_str!("template.toml");

/// The preset of a name.
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|p| p.name == name)
}

/// The preset that has an element of this name in a list of tables.
pub fn preset_with(table: &str, name: &str) -> Option<&'static Preset> {
    ELEMENTS.iter().find(|e| e.table == table && e.name == name).map(|e| e.preset)
}

/// The names that presets have in a list of tables, in their order.
pub fn offered(table: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for element in ELEMENTS.iter().filter(|e| e.table == table) {
        if !names.contains(&element.name) {
            names.push(element.name.clone());
        }
    }
    names
}

/// An element of a list of tables in a preset.
struct Element {
    preset: &'static Preset,
    table: &'static str,
    name: String,
}

/// All elements of all presets: read once, for a file may have many names that a preset might know.
static ELEMENTS: LazyLock<Vec<Element>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for preset in &PRESETS {
        let Ok(document) = preset.parse() else { continue };
        for (table, by) in IDENTITIES {
            let list = document.get(table).map(Node::elements).unwrap_or_default();
            let names = list.iter().filter_map(|e| e.get(by)?.as_str());
            all.extend(names.map(|name| Element { preset, table, name: name.to_owned() }));
        }
    }
    all
});

impl Preset {
    /// The preset as a document; parsed once.
    pub fn parse(&self) -> Result<Node, Diagnostics> {
        static DOCUMENTS: LazyLock<Vec<Result<Node, Diagnostics>>> = LazyLock::new(|| {
            let text = |p: &Preset| Text { name: format!("preset:{}", p.name), text: p.text.into() };
            PRESETS.iter().map(|p| Node::parse(text(p))).collect()
        });
        let index = PRESETS.iter().position(|p| p.name == self.name).unwrap_or_default();
        DOCUMENTS[index].clone()
    }
}

/// Lists of tables, and by which key their elements are told apart.
const IDENTITIES: [(&str, &str); 8] = [
    ("jurisdiction", "code"),
    ("category", "id"),
    ("kind", "id"),
    ("purpose", "id"),
    ("policy", "id"),
    ("order", "id"),
    ("age_band", "id"),
    ("abuse_class", "id"),
];

/// By which key the elements of an array of tables are told apart.
pub fn identity(table: &str) -> Option<&'static str> {
    IDENTITIES.iter().find(|(name, _)| *name == table).map(|(_, by)| *by)
}

/// Presets laid over each other in this order.
pub fn together<'a>(presets: impl IntoIterator<Item = &'a Preset>) -> Result<Option<Node>, Diagnostics> {
    presets.into_iter().try_fold(None, |base, preset| {
        let node = preset.parse()?;
        Ok(Some(match base {
            Some(base) => overlay(base, node, &identity),
            None => node,
        }))
    })
}
