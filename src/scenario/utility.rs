//! Which models of what purposes achieve are asked for.

/// Models of what purposes achieve.
#[derive(Clone, Debug, PartialEq)]
pub struct Utility {
    /// What the parent learns about the use of its services.
    pub business_intelligence: Option<BusinessIntelligence>,
}

/// What the parent wants to know about the use of its services, and how exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct BusinessIntelligence {
    /// Index of the purpose.
    pub purpose: usize,
    /// Mask of the categories that identify a user to the parent.
    pub identifiers: u32,
    /// Registers of sketches are 2 to the power of these.
    pub sketch_bits: Vec<u32>,
    /// Privacy losses of counts with noise.
    pub epsilon: Vec<f64>,
    /// Relative error at which an indicator is of no more use.
    pub tolerance: f64,
}
