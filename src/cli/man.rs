//! `outflow man`: the manual page, written from the command line itself.

use std::fs;
use std::io;
use std::path::PathBuf;

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man as Page;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

use super::{Cli, Failure, terminal};

const DESCRIPTION: &str = "Simulates the people and the traffic of a messaging service from a scenario, applies sharing policies \
    to it, and measures how much personal data about how many people would flow to the parent company, for which purpose. All \
    people are synthetic: the figures are a model's, not a measurement. Data go to standard output, messages to standard error.";

/// Options of `man`.
#[derive(Args, Debug)]
#[command(after_help = "To read it: outflow man | man -l -")]
pub struct ManArgs {
    /// Write a page for the program and one for each verb into this folder, instead of one page of all to stdout
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

impl ManArgs {
    /// Prints the page, or writes the pages.
    pub fn main(self) -> Result<(), Failure> {
        let mut command = Cli::command();
        // Gives verbs their full names: `outflow run`.
        command.build();
        match self.to {
            None => {
                let page = whole(&command).map_err(|e| Failure::Other(format!("can't write the page: {e}")))?;
                terminal::print_data(&page)
            }
            Some(folder) => {
                let unusable =
                    |e: io::Error| Failure::Input(format!("error: can't write to {}: {e}", folder.display()));
                fs::create_dir_all(&folder).map_err(unusable)?;
                let mut written = 0;
                for command in with_verbs(&command) {
                    let name = command.get_display_name().unwrap_or(command.get_name()).replace(' ', "-");
                    let page = one(command, &name).map_err(|e| Failure::Other(format!("can't write the page: {e}")))?;
                    fs::write(folder.join(format!("{name}.1")), page).map_err(unusable)?;
                    written += 1;
                }
                terminal::print(&format!("{written} pages in {}\n", folder.display()))
            }
        }
    }
}

/// A command and its verbs, theirs included, without what is hidden and `help`.
fn with_verbs(command: &Command) -> Vec<&Command> {
    let verbs = command.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help");
    std::iter::once(command).chain(verbs.flat_map(with_verbs)).collect()
}

/// One page of the program and all its verbs.
fn whole(command: &Command) -> io::Result<String> {
    let page = Page::new(command.clone()).manual("outflow manual");
    let mut out = Vec::new();
    page.render_title(&mut out)?;
    page.render_name_section(&mut out)?;
    let mut roff = Roff::default();
    roff.control("SH", ["SYNOPSIS"]).text([bold("outflow"), roman(" "), italic("VERB"), roman(" [options]")]);
    roff.control("SH", ["DESCRIPTION"]).text([roman(DESCRIPTION)]);
    roff.control("SH", ["VERBS"]).text([roman("Every verb explains its options with --help, and below.")]);
    roff.to_writer(&mut out)?;
    for verb in with_verbs(command).into_iter().skip(1) {
        section(verb, &mut out)?;
    }
    closing().to_writer(&mut out)?;
    Ok(once(&String::from_utf8_lossy(&out), "outflow"))
}

/// The part of a verb: what it does, how it is typed, its options.
fn section(verb: &Command, out: &mut Vec<u8>) -> io::Result<()> {
    // That every verb has --help is said once.
    let mut verb = verb.clone().mut_args(|a| if a.get_id() == "help" { a.hide(true) } else { a });
    let usage = verb.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim().to_owned();
    let mut roff = Roff::default();
    roff.control("SS", [verb.get_bin_name().unwrap_or(verb.get_name())]);
    if let Some(about) = verb.get_long_about().or(verb.get_about()) {
        roff.text([roman(format!("{about}."))]);
    }
    roff.control("PP", []).text([bold(usage)]);
    roff.to_writer(out)?;
    if verb.get_arguments().any(|a| !a.is_hide_set()) {
        let mut options = Vec::new();
        Page::new(verb.clone()).render_options_section(&mut options)?;
        // The options of a verb are no section of the page.
        out.extend(String::from_utf8_lossy(&options).replace(".SH OPTIONS\n", "").bytes());
    }
    if let Some(after) = verb.get_after_help() {
        let mut roff = Roff::default();
        roff.control("PP", []).control("nf", []);
        for line in after.to_string().lines() {
            roff.text([roman(line)]);
        }
        roff.control("fi", []).to_writer(out)?;
    }
    Ok(())
}

/// Without the definitions that every part repeats; with the title's empty date, which would be taken for the next word.
fn once(page: &str, name: &str) -> String {
    let title =
        format!(".TH {} 1 \"\" \"outflow {}\" \"outflow manual\"", name.to_uppercase(), env!("CARGO_PKG_VERSION"));
    let page = page.lines().map(|l| if l.starts_with(".TH ") { &title } else { l }).collect::<Vec<_>>().join("\n");
    let lines: Vec<&str> = page.lines().collect();
    let repeated = |l: &&str| !l.starts_with(".ie ") && !l.starts_with(".el ");
    let head = lines.iter().take(2);
    let rest = lines.iter().skip(2).filter(|l| repeated(l));
    head.chain(rest).map(|l| format!("{l}\n")).collect()
}

/// A page of one command.
fn one(command: &Command, name: &str) -> io::Result<String> {
    let mut out = Vec::new();
    Page::new(command.clone()).manual("outflow manual").render(&mut out)?;
    Ok(once(&String::from_utf8_lossy(&out), name).replace("\n.SH EXTRA\n", "\n.SH NOTES\n"))
}

/// What no option says.
fn closing() -> Roff {
    let mut roff = Roff::default();
    let code = |code: &str, meaning: &str| -> (Vec<Inline>, Vec<Inline>) { (vec![bold(code)], vec![roman(meaning)]) };
    roff.control("SH", ["EXIT STATUS"]);
    for (label, meaning) in [
        code("0", "fine"),
        code("2", "invalid input or usage: the message says which and what to write instead"),
        code("1", "anything else"),
        code("130", "interrupted; nothing was written"),
    ] {
        roff.control("TP", []).text(label).text(meaning);
    }
    roff.control("SH", ["FILES"]);
    for (label, meaning) in [
        code(
            "scenarios/NAME.toml",
            "scenarios; docs/FORMAT.md says what may stand in them; those that ship need no file",
        ),
        code("output/NAME/", "results of a run: tables, charts, report.html, manifest.json"),
        code("schema/scenario.schema.json", "what editors read to complete and check scenarios"),
    ] {
        roff.control("TP", []).text(label).text(meaning);
    }
    roff
}
