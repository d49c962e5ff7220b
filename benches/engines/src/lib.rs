//! Other policy engines: Cedar fed with outflow's Cedar export, Regorus with its Rego export. Tests hold that they decide as outflow does; the
//! comparison in `benches/peers` asks them for their speed.

pub mod ask;
pub mod cedar;
pub mod rego;
