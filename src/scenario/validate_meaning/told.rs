//! What was found so far: so many of it in full, the rest only counted.

use crate::scenario::diagnostic::{Diagnostic, Severity};

/// Errors, and warnings, that are told. A message shows twenty; a file of 4 MiB may have a million.
const MOST: usize = 100;

/// Problems in the order in which they were found.
#[derive(Default)]
pub struct Told {
    problems: Vec<Diagnostic>,
    /// Errors and warnings that are among the problems.
    kept: [usize; 2],
    /// Errors and warnings that were counted only.
    untold: [u32; 2],
    /// Whether the last one was counted only.
    last_untold: bool,
}

impl Told {
    /// Whether there are so many already that one more is counted only, which is done: then it need not be worded.
    pub fn only_counts(&mut self, severity: Severity) -> bool {
        self.last_untold = self.kept[severity as usize] >= MOST;
        self.untold[severity as usize] += u32::from(self.last_untold);
        self.last_untold
    }

    /// Keeps a problem.
    pub fn tell(&mut self, problem: Diagnostic) {
        self.kept[problem.severity as usize] += 1;
        self.problems.push(problem);
    }

    /// Whether there is an error among them.
    pub fn any_error(&self) -> bool {
        self.kept[Severity::Error as usize] > 0
    }

    /// Says why, about the last problem.
    pub fn hint(&mut self, hint: String) {
        if let Some(last) = self.problems.last_mut().filter(|_| !self.last_untold) {
            last.hint = Some(hint.into_boxed_str());
        }
    }

    /// All of them; the last of each severity says how many more there are.
    pub fn problems(mut self) -> Vec<Diagnostic> {
        for severity in [Severity::Error, Severity::Warning] {
            if let Some(last) = self.problems.iter_mut().rfind(|d| d.severity == severity) {
                last.untold = self.untold[severity as usize];
            }
        }
        self.problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_are_counted() {
        let mut told = Told::default();
        for i in 0..20_000 {
            for severity in [Severity::Warning, Severity::Error] {
                if !told.only_counts(severity) {
                    let problem = Diagnostic::error(format!("problem {i}"));
                    told.tell(Diagnostic { severity, ..problem });
                }
                told.hint(format!("of {i}"));
            }
        }
        let problems = told.problems();
        assert_eq!(problems.len(), 2 * MOST);
        let all: usize = problems.iter().map(|d| 1 + d.untold as usize).sum();
        assert_eq!(all, 40_000);
        // A hint about one that is not told goes to none.
        assert!(problems.iter().all(|d| d.hint.as_deref() == Some(&*d.message.replace("problem", "of"))));
    }
}
