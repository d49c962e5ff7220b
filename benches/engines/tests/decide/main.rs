//! Other engines decide as we do: Cedar fed with our Cedar export, Regorus with our Rego export, and a few lines of code with
//! our JSON export. Compared are the outcome, the rules that decide and the resolution.

#[path = "../../../../tests/common/mod.rs"]
mod common;
mod json;
mod random;
#[path = "../../../../tests/rules/mod.rs"]
mod rules;
mod shipped;
mod text;
