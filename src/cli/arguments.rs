//! What may be typed. Texts are taken as they come; what they mean is the
//! matter of `meaning`.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::epilogues::{CLEANUP, COMPARE, REPLAY, RUN, catalogue};
use super::number::whole;

/// More than anybody waits for.
const MANY: u64 = u32::MAX as u64;
const HOUR_MS: u64 = 60 * 60 * 1000;

/// The command line.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "icws-conformance",
    version,
    about = "Tests whether a server conforms to the ICWS bulk update of a workgroup's monitored \
             mailboxes",
    after_help = RUN,
    args_conflicts_with_subcommands = true
)]
pub struct Arguments {
    /// What to do; `run` if nothing is named.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The options of `run`, where no command is named.
    #[command(flatten)]
    pub run: RunArguments,
}

/// A command.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Test a target (this is what happens without a command)
    #[command(after_help = RUN)]
    Run(RunArguments),
    /// Serve the reference server, to build clients against
    #[command(after_long_help = catalogue())]
    Serve(ServeArguments),
    /// Send the case of one finding again: is it fixed?
    #[command(after_help = REPLAY)]
    Replay(ReplayArguments),
    /// Put scratch workgroups in order that a run left changed: one that was
    /// killed, or lost its target
    #[command(after_help = CLEANUP)]
    Cleanup(CleanupArguments),
    /// Put the JSON reports of all shards of one run together
    Merge(MergeArguments),
    /// Say what a candidate breaks, mends or does otherwise than a baseline
    #[command(after_help = COMPARE)]
    Compare(CompareArguments),
    /// List every rule with its sources and the properties that test it
    Rules(RulesArguments),
    /// Try the harness itself on every fault and every variant of the reference
    /// server
    Selfcheck(SelfcheckArguments),
    /// Print the JSON Schema of something that is written for programs
    Schema(SchemaArguments),
    /// Print a completion script
    Completions(CompletionsArguments),
}

/// The options of `run`.
#[derive(Clone, Debug, Default, Args)]
pub struct RunArguments {
    /// Which target is meant.
    #[command(flatten)]
    pub target: TargetArguments,
    /// End with 2 where no option and no variable names a target, instead of
    /// testing a reference server
    #[arg(long)]
    pub require_target: bool,
    /// Which cases are fired.
    #[command(flatten)]
    pub scope: ScopeArguments,
    /// Fire only the K-th of N parts of the cases; the JSON reports of all
    /// parts are put together by `merge`
    #[arg(long, value_name = "K/N", allow_hyphen_values = true)]
    pub shard: Option<String>,
    /// How many cases may be under way at once (a burst of concurrent updates
    /// is one)
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = whole::<u16, 1, 256>)]
    pub concurrency: Option<u16>,
    /// How many requests may be sent per second; 0 for no limit
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = whole::<u32, 0, 1_000_000>)]
    pub rate: Option<u32>,
    /// How the scratch workgroups are used.
    #[command(flatten)]
    pub scratch: ScratchArguments,
    /// Let warnings fail the gate
    #[arg(long)]
    pub strict: bool,
    /// End with the first breach that fails the gate
    #[arg(long, conflicts_with = "shard")]
    pub fail_fast: bool,
    /// Write a report, such as `json=report.json`; formats are `json`, `junit`
    /// and `html`, `-` is standard output; may be repeated
    #[arg(long, value_name = "FORMAT=PATH")]
    pub report: Vec<String>,
    /// The JSON report of an earlier run: only findings that it has not fail
    /// the gate
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Compare the open behaviour and the shapes of answers with those that
    /// were accepted in this folder; what differs is left there for a review
    #[arg(long, value_name = "DIR")]
    pub snapshots: Option<PathBuf>,
    /// Accept the open behaviour and the shapes of answers as they are now
    #[arg(long, requires = "snapshots",
          conflicts_with_all = ["only", "skip", "shard", "fail_fast"])]
    pub update_snapshots: bool,
    /// Let what differs from the snapshots fail the gate
    #[arg(long, requires = "snapshots")]
    pub fail_on_drift: bool,
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: ColorChoice,
    /// Show refutations and the decision only
    #[arg(short, long, action = ArgAction::SetTrue, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show every property, whole requests and open behaviour
    #[arg(short, long, action = ArgAction::SetTrue)]
    pub verbose: bool,
}

/// Which target is meant.
#[derive(Clone, Debug, Default, Args)]
pub struct TargetArguments {
    /// The target's profile; ICWS_PROFILE names it where neither this nor
    /// `--target` does
    #[arg(long, value_name = "FILE", conflicts_with = "target")]
    pub profile: Option<PathBuf>,
    /// The address of a reference server, with its built-in fixtures;
    /// ICWS_TARGET_URL names it where neither this nor `--profile` does
    #[arg(long, value_name = "URL")]
    pub target: Option<String>,
}

/// Which cases are fired.
#[derive(Clone, Debug, Default, Args)]
pub struct ScopeArguments {
    /// Run only properties whose id starts so, or those of one rule, such as
    /// `FLD-1`; may be repeated
    #[arg(long, value_name = "PREFIX|RULE")]
    pub only: Vec<String>,
    /// Leave out properties whose id starts so; may be repeated
    #[arg(long, value_name = "PREFIX")]
    pub skip: Vec<String>,
    /// Repeat the run of this seed
    #[arg(long, value_name = "SEED", allow_hyphen_values = true)]
    pub seed: Option<String>,
    /// How many cases a property draws
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = whole::<u32, 1, MANY>)]
    pub cases: Option<u32>,
    /// Start no case after this time, such as `90s`, `5m` or `1h`
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true)]
    pub max_time: Option<String>,
}

/// How the scratch workgroups are used.
#[derive(Clone, Debug, Default, Args)]
pub struct ScratchArguments {
    /// Use scratch workgroups that hold mailboxes already
    #[arg(long)]
    pub allow_occupied: bool,
    /// Where it is kept what the scratch workgroups held, until they hold it
    /// again; without it, a folder of the user's state
    #[arg(long, value_name = "DIR")]
    pub journal: Option<PathBuf>,
}

/// The options of `serve`.
#[derive(Clone, Debug, Args)]
pub struct ServeArguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub listen: String,
    /// Write the profile that fits the server, and its passwords beside it
    #[arg(long, value_name = "FILE")]
    pub profile_out: Option<PathBuf>,
    /// Do this wrong; may be repeated (`serve --help` lists the names)
    #[arg(long, value_name = "NAME")]
    pub fault: Vec<String>,
    /// Have this legal oddity; may be repeated (`serve --help` lists the names)
    #[arg(long, value_name = "NAME")]
    pub variant: Vec<String>,
    /// How many milliseconds every answer waits
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true,
          value_parser = whole::<u64, 0, HOUR_MS>)]
    pub latency_ms: u64,
}

/// The options of `replay`.
#[derive(Clone, Debug, Args)]
pub struct ReplayArguments {
    /// The replay file, as a run writes it for each finding
    pub file: PathBuf,
    /// Which target is meant.
    #[command(flatten)]
    pub target: TargetArguments,
    /// How often the case is sent
    #[arg(long, value_name = "N", default_value_t = 3,
          allow_negative_numbers = true, value_parser = whole::<u32, 1, 100>)]
    pub times: u32,
    /// How the scratch workgroups are used.
    #[command(flatten)]
    pub scratch: ScratchArguments,
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: ColorChoice,
    /// Show whole requests
    #[arg(short, long, action = ArgAction::SetTrue)]
    pub verbose: bool,
}

/// The options of `cleanup`.
#[derive(Clone, Debug, Args)]
pub struct CleanupArguments {
    /// Which target is meant.
    #[command(flatten)]
    pub target: TargetArguments,
    /// Where the runs kept their journal, if not in a folder of the user's state
    #[arg(long, value_name = "DIR")]
    pub journal: Option<PathBuf>,
}

/// The options of `merge`.
#[derive(Clone, Debug, Args)]
pub struct MergeArguments {
    /// The JSON report of each shard
    #[arg(required = true, value_name = "REPORT")]
    pub reports: Vec<PathBuf>,
    /// The JSON report of an earlier run: only findings that it has not fail
    /// the gate
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the merged report, such as `json=report.json`; formats are `json`,
    /// `junit` and `html`, `-` is standard output; may be repeated
    #[arg(long, value_name = "FORMAT=PATH")]
    pub report: Vec<String>,
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: ColorChoice,
}

/// The options of `compare`.
#[derive(Clone, Debug, Args)]
pub struct CompareArguments {
    /// The JSON report of a run, or a profile (`.toml`)
    pub baseline: PathBuf,
    /// The same of what is to be judged by it
    pub candidate: PathBuf,
    /// How to print what differs
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Let new warnings fail as well
    #[arg(long)]
    pub strict: bool,
    /// Let other open answers and shapes fail as well
    #[arg(long)]
    pub fail_on_drift: bool,
    /// With profiles: which cases are fired.
    #[command(flatten, next_help_heading = "With two profiles")]
    pub scope: ScopeArguments,
}

/// The options of `rules`.
#[derive(Clone, Debug, Args)]
pub struct RulesArguments {
    /// How to print them
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// The options of `selfcheck`.
#[derive(Clone, Debug, Args)]
pub struct SelfcheckArguments {
    /// How to print the score
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// The first seed; the others follow it
    #[arg(
        long,
        value_name = "SEED",
        default_value = "1",
        allow_hyphen_values = true
    )]
    pub seed: String,
    /// Under how many seeds everything is run
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true,
          value_parser = whole::<u8, 1, 255>)]
    pub seeds: u8,
    /// Only faults, variants and combinations whose name starts so; may be
    /// repeated (`serve --help` lists the names)
    #[arg(long, value_name = "PREFIX")]
    pub only: Vec<String>,
    /// Only that many of them, drawn by the seed
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = whole::<u32, 1, MANY>)]
    pub sample: Option<u32>,
    /// How many cases a property draws
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = whole::<u32, 1, MANY>)]
    pub cases: Option<u32>,
}

/// The options of `schema`.
#[derive(Clone, Debug, Args)]
pub struct SchemaArguments {
    /// What it describes
    #[arg(value_enum)]
    pub of: Described,
}

/// What has a JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Described {
    /// The JSON report of `run` and `merge`
    Report,
}

/// The options of `completions`.
#[derive(Clone, Debug, Args)]
pub struct CompletionsArguments {
    /// The shell
    pub shell: Shell,
}

/// How something is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// For documents
    Markdown,
}

/// When there are colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_declaration_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn no_command_means_run() {
        let typed = Arguments::parse_from(["x", "--only", "a", "--only", "b", "-v"]);
        assert!(typed.command.is_none());
        assert_eq!(typed.run.scope.only, ["a", "b"]);
        assert!(typed.run.verbose);
        let typed = Arguments::parse_from(["x", "run", "--seed", "1f"]);
        assert!(matches!(typed.command, Some(Command::Run(run)) if run.scope.seed.is_some()));
    }

    #[test]
    fn what_excludes_each_other_is_refused() {
        for words in [
            &["x", "--profile", "p", "--target", "http://h"][..],
            &["x", "-q", "-v"],
            &["x", "--cases", "0"],
            &["x", "--concurrency", "257"],
            &["x", "--seed", "1", "rules"],
        ] {
            assert!(Arguments::try_parse_from(words).is_err(), "{words:?}");
        }
    }
}
