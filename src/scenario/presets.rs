//! Presets that ship inside the program: parts of scenarios that several share.

use super::diagnostic::Diagnostics;
use super::source::{Node, Text};

/// A preset: name, what it holds, TOML text.
pub struct Preset {
    /// Name in `presets = [...]`.
    pub name: &'static str,
    /// TOML text.
    pub text: &'static str,
}

/// All presets.
pub const PRESETS: [Preset; 4] = [
    Preset { name: "whatsapp-2017", text: include_str!("presets/whatsapp-2017.toml") },
    Preset { name: "countries-2017", text: include_str!("presets/countries-2017.toml") },
    Preset { name: "policies-whatsapp", text: include_str!("presets/policies-whatsapp.toml") },
    Preset { name: "orders-whatsapp", text: include_str!("presets/orders-whatsapp.toml") },
];

/// A scenario to begin with; `@NAME@`, `@FILE@` and `@SCHEMA@` stand for what `outflow init` puts there.
pub const TEMPLATE: &str = include_str!("template.toml");

/// The preset of a name.
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|p| p.name == name)
}

/// The preset that has an element of this name in a list of tables.
pub fn preset_with(table: &str, name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|p| elements(p, table).iter().any(|n| n == name))
}

/// The names that presets have in a list of tables, in their order.
pub fn offered(table: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in PRESETS.iter().flat_map(|p| elements(p, table)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn elements(preset: &Preset, table: &str) -> Vec<String> {
    let (Some(by), Ok(node)) = (identity(table), preset.parse()) else { return Vec::new() };
    let list = node.get(table).map(Node::elements).unwrap_or_default();
    list.iter().filter_map(|e| e.get(by)?.as_str()).map(Into::into).collect()
}

impl Preset {
    /// The preset as a document.
    pub fn parse(&self) -> Result<Node, Diagnostics> {
        Node::parse(Text { name: format!("preset:{}", self.name), text: self.text.into() })
    }
}

/// By which key the elements of an array of tables are told apart.
pub fn identity(table: &str) -> Option<&'static str> {
    match table {
        "jurisdiction" => Some("code"),
        "category" | "kind" | "purpose" | "policy" | "order" | "age_band" | "abuse_class" => Some("id"),
        _ => None,
    }
}
