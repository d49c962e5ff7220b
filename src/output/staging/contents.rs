//! What kinds of folders there are, and which files belong to each.

/// What kind of results a folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// Results of a run.
    Run,
    /// Records of an export.
    Export,
    /// A sample of disclosures.
    Sample,
    /// Runs beside each other.
    Compare,
    /// A sweep over values of a scenario.
    Sweep,
    /// What matters most for figures.
    Sensitivity,
    /// How much of a sample finds a breach.
    Audit,
    /// The chart of a benchmark; it may lie among other files from the beginning.
    BenchChart,
}

/// Prefix of files that try whether a place can be written.
pub(super) const PROBE: &str = ".outflow-probe-";
/// Prefix of folders with complete results that could not be put in place.
pub(super) const REFUGE: &str = "outflow-results-";

/// What lies in folders without anybody's doing, and is no reason to refuse one.
const HARMLESS: [&str; 12] = [
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
    ".directory",
    ".gitkeep",
    ".gitignore",
    // In the root of a disk.
    "lost+found",
    "System Volume Information",
    "$RECYCLE.BIN",
    ".Trashes",
    ".Spotlight-V100",
    ".fseventsd",
];

impl Contents {
    /// The word in the manifest.
    pub fn id(self) -> &'static str {
        match self {
            Contents::Run => "run",
            Contents::Export => "export",
            Contents::Sample => "sample",
            Contents::Compare => "compare",
            Contents::Sweep => "sweep",
            Contents::Sensitivity => "sensitivity",
            Contents::Audit => "audit",
            Contents::BenchChart => "bench_chart",
        }
    }

    /// What an [`Contents::id`] means, with its article, for messages.
    pub fn what(id: &str) -> String {
        match id {
            "run" => "a run".into(),
            "export" => "an export".into(),
            "sample" => "a sample".into(),
            "compare" => "a comparison of runs".into(),
            "sweep" => "a sweep".into(),
            "sensitivity" => "a study of sensitivity".into(),
            "audit" => "a plan of an audit".into(),
            "bench_chart" => "the chart of a benchmark".into(),
            other => format!("`{other}`"),
        }
    }

    /// The option that names the folder.
    pub(super) fn option(self) -> &'static str {
        match self {
            Contents::Run | Contents::Sweep => "--output DIR",
            Contents::Export | Contents::Sample | Contents::Compare | Contents::Sensitivity | Contents::Audit => {
                "--to DIR"
            }
            Contents::BenchChart => "--charts DIR",
        }
    }

    /// The folders that results of this kind have.
    pub(super) fn folders(self) -> &'static [&'static str] {
        match self {
            Contents::Run | Contents::Compare | Contents::Sweep | Contents::Sensitivity | Contents::Audit => {
                &["tables", "charts"]
            }
            Contents::Export | Contents::Sample | Contents::BenchChart => &[],
        }
    }

    /// Whether results of this kind may be put among files that are there already, none of which outflow wrote. A run, an export or a sample
    /// among somebody's own files is more likely a mistyped folder.
    pub(super) fn joins_others(self) -> bool {
        self == Contents::BenchChart
    }

    /// Whether results of this kind may have a file of this path, as far as can be said before the work.
    pub(super) fn may_hold(self, path: &str) -> bool {
        let one_of = |stem: &str, stems: &[&str]| stems.contains(&stem);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let (stem, end) = name.split_once('.').unwrap_or((name, ""));
        match (self, folder) {
            (_, "") if path == super::MANIFEST => true,
            (Contents::BenchChart, "") => stem == "bench-throughput",
            (
                Contents::Run
                | Contents::Export
                | Contents::Sample
                | Contents::Compare
                | Contents::Sweep
                | Contents::Sensitivity
                | Contents::Audit,
                "",
            ) if path == "scenario.resolved.toml" => true,
            (Contents::Sensitivity, "") => path == "params.toml",
            (Contents::Sensitivity, "tables") => {
                one_of(stem, &["sensitivity", "draws", "rank_stability"]) && one_of(end, &["parquet", "csv"])
            }
            (Contents::Sensitivity, "charts") => stem == "tornado" && one_of(end, &["svg", "png", "csv", "json"]),
            (Contents::Audit, "tables") => stem == "audit" && one_of(end, &["parquet", "csv"]),
            (Contents::Audit, "charts") => stem == "audit-power" && one_of(end, &["svg", "png", "csv", "json"]),
            (Contents::Run, "") => one_of(path, &["report.html", "findings.json"]),
            (Contents::Run, "tables") => {
                one_of(
                    stem,
                    &[
                        "exposure",
                        "daily",
                        "first_exposure",
                        "exceedance",
                        "exceedance_daily",
                        "knowledge",
                        "utility",
                        "replicates",
                        "differences",
                    ],
                ) && one_of(end, &["parquet", "csv"])
            }
            (Contents::Compare, "tables") => {
                one_of(stem, &["compare", "parameters"]) && one_of(end, &["parquet", "csv"])
            }
            (Contents::Sweep, "tables") => stem == "sweep" && one_of(end, &["parquet", "csv"]),
            (Contents::Sweep, "charts") => stem == "sweep" && one_of(end, &["svg", "png", "csv", "json"]),
            (Contents::Compare, "charts") => stem == "compare" && one_of(end, &["svg", "png", "csv", "json"]),
            (Contents::Run, "charts") if path.ends_with("/exceedance-phases.csv") => true,
            (Contents::Run, "charts") => one_of(stem, &CHARTS) && one_of(end, &["svg", "png", "csv", "json"]),
            (Contents::Export, "") => {
                one_of(stem, &["people", "events", "address_books", "disclosures"]) && end == "parquet"
            }
            (Contents::Sample, "") => {
                path == "README.md"
                    || path == "disclosures.parquet"
                    || (one_of(stem, &["people", "summary"]) && one_of(end, &["parquet", "csv"]))
            }
            _ => false,
        }
    }
}

/// Stems of the charts of a run.
const CHARTS: [&str; 21] = [
    "scope",
    "exposure-by-purpose",
    "change",
    "people-reached",
    "reach-by-day",
    "objection-worth",
    "informants",
    "categories",
    "resolution",
    "linking",
    "singling-out",
    "inference",
    "security-recall",
    "security-categories",
    "security-detection",
    "business-intelligence",
    "exceedance",
    "dated-policies",
    // Of earlier versions.
    "daily-exposure",
    "depth",
    "filter-throughput",
];

/// Whether a file is one that systems and office programs leave behind, or that outflow itself left or kept.
pub(super) fn harmless(name: &str) -> bool {
    // LibreOffice and Excel mark open files by such neighbours.
    let left = [PROBE, REFUGE].iter().any(|prefix| name.starts_with(prefix));
    left || HARMLESS.contains(&name) || name.starts_with(".~lock.") || name.starts_with("~$") || name.starts_with("._")
}
