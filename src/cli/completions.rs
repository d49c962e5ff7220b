//! `outflow completions`: what a shell completes.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Failure, terminal};

/// Options of `completions`.
#[derive(Args, Debug)]
#[command(after_help = "\
bash:        outflow completions bash > ~/.local/share/bash-completion/completions/outflow
zsh:         outflow completions zsh > ~/.zfunc/_outflow   (a folder in fpath)
fish:        outflow completions fish > ~/.config/fish/completions/outflow.fish
elvish:      outflow completions elvish >> ~/.config/elvish/rc.elv
powershell:  outflow completions powershell >> $PROFILE")]
pub struct CompletionsArgs {
    /// Shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl CompletionsArgs {
    /// Prints the script.
    pub fn main(self) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "outflow", &mut script);
        terminal::print_data(&String::from_utf8_lossy(&script))
    }
}
