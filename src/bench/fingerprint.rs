//! What figures were measured on: two machines with the same fingerprint may be compared in seconds, others in ratios only.

use serde::{Deserialize, Serialize};

use crate::output::manifest::Machine;

/// A machine, and the code that ran on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Operating system.
    pub os: String,
    /// Processor architecture.
    pub arch: String,
    /// Processor model, "unknown" if it can't be told.
    pub cpu: String,
    /// Processors at hand.
    pub cores: usize,
    /// Which variant of the kernels ran.
    pub code_path: String,
    /// Whether the program was built with optimisation and without debug assertions.
    pub optimised: bool,
}

impl Fingerprint {
    /// This machine and this program.
    pub fn this() -> Self {
        let machine = Machine::this();
        Fingerprint {
            os: machine.os.into(),
            arch: machine.arch.into(),
            cpu: machine.cpu,
            cores: machine.cores,
            code_path: code_path().into(),
            optimised: !cfg!(debug_assertions),
        }
    }

    /// In one line.
    pub fn line(&self) -> String {
        let build = if self.optimised { "" } else { ", built for debugging" };
        format!("{}, {} processors, {} {}, {} code{build}", self.cpu, self.cores, self.os, self.arch, self.code_path)
    }
}

/// Which variant of the kernels runs on this thread.
pub fn code_path() -> &'static str {
    crate::simd::InstructionSet::current().word()
}
