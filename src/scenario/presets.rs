//! Presets that ship inside the program: parts of scenarios that several share.

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

/// The preset of a name.
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|p| p.name == name)
}

/// By which key the elements of an array of tables are told apart.
pub fn identity(table: &str) -> Option<&'static str> {
    match table {
        "jurisdiction" => Some("code"),
        "category" | "kind" | "purpose" | "policy" | "order" | "age_band" | "abuse_class" => Some("id"),
        _ => None,
    }
}
