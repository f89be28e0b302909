//! `replay`: one stored case, sent again.

use std::io::{self, Write};

use tokio_util::sync::CancellationToken;

use super::arguments::ReplayArguments;
use super::github::GitHub;
use super::meaning::coloured;
use super::runtime::interruptible;
use super::target::Choice;
use super::{Environment, Failure, complain, journal};
use crate::contract::RuleId;
use crate::gate::last_line::replay::ReplayLine;
use crate::report::replay_file::{self, ReplayFile};
use crate::report::{Paint, Verbosity, replayed};
use crate::runner::replay::{Again, Replayed, replay as start};
use crate::runner::run::RunError;
use crate::suites;

/// Sends the case of the file again, shows what came of it, and returns the
/// exit code.
pub(super) fn replay(typed: ReplayArguments, environment: Environment<'_>) -> Result<u8, Failure> {
    let file = replay_file::read(&typed.file).map_err(Failure::usage)?;
    let chosen = Choice::of(typed.target.profile, typed.target.target, environment);
    let chosen = chosen.map_err(Failure::usage)?;
    // Another server in the target's place could only be "fixed".
    if chosen.is_embedded() && !file.target.embedded {
        return Err(Failure::usage(format!(
            "replay file `{}` is of the target `{}` at {}: name it with `--profile FILE`, or with \
             `--target URL` where it is a reference server",
            typed.file.display(),
            file.target.name,
            file.target.base_url,
        )));
    }
    let target = chosen.open(environment).map_err(Failure::usage)?;
    let mut profile = target.profile().clone();
    profile.workgroups.allow_occupied |= typed.scratch.allow_occupied;
    let stop = CancellationToken::new();
    let rule = file.rule();
    let again = Again {
        profile,
        journal: journal::of(&target, typed.scratch.journal, environment),
        case: file.case.clone(),
        rule,
        property: suites::all()
            .into_iter()
            .find(|known| known.id == file.property),
        workgroup: file.workgroup.clone(),
        mailboxes: file.target.mailboxes.clone(),
        times: typed.times,
        stop: stop.clone(),
    };
    let mut screen = Screen {
        paint: Paint::new(coloured(typed.color, &io::stdout(), environment)),
    };
    let verbosity = if typed.verbose {
        Verbosity::Verbose
    } else {
        Verbosity::Normal
    };
    // From here on lines quote the file and the target.
    let github = GitHub::of(environment);
    screen.show(&github.before());
    screen.show(&replayed::opening(&file, &again, target.is_embedded()));
    let sent = send(&file, again, &mut screen, &stop);
    let code = told(sent, rule, verbosity, &mut screen);
    screen.show(&github.resumed());
    code
}

/// Shows what came of it, and returns the exit code.
fn told(
    sent: Result<Result<Replayed, RunError>, Failure>,
    rule: RuleId,
    verbosity: Verbosity,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let replayed = match sent? {
        Ok(replayed) => replayed,
        Err(RunError::Target(reason)) => {
            let line = ReplayLine::cannot_judge(&reason);
            screen.show(&replayed::last_line(&line, screen.paint));
            complain(&reason);
            return Ok(line.decision.exit_code());
        }
        Err(error) => return Err(Failure::usage(error)),
    };
    let line = ReplayLine::of(replayed.verdict, &replayed.tries, rule);
    let paint = screen.paint;
    let text = replayed::ending(&replayed, rule, &line, verbosity, paint);
    screen.show(&text);
    Ok(line.decision.exit_code())
}

/// Where people look.
struct Screen {
    paint: Paint,
}

impl Screen {
    /// Whoever closed the stream has seen enough; the exit code still counts.
    fn show(&mut self, text: &str) {
        let mut out = io::stdout();
        _ = out.write_all(text.as_bytes());
        _ = out.flush();
    }
}

/// Sends it. The outer error is a matter of this machine.
fn send(
    file: &ReplayFile,
    again: Again,
    screen: &mut Screen,
    stop: &CancellationToken,
) -> Result<Result<Replayed, RunError>, Failure> {
    let runtime = interruptible(stop)?;
    let (rule, mut number) = (file.rule(), 0);
    let sent = runtime.block_on(start(again, &mut |one| {
        number += 1;
        let paint = screen.paint;
        screen.show(&replayed::line(number, one, rule, paint));
    }));
    Ok(sent)
}
