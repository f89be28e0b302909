//! The reports of earlier runs that a command names.

use std::path::Path;

use crate::gate::account::{Account, Unfit};
use crate::report::{account, document};

/// What the report at that path says, where it can be a baseline.
pub(super) fn load(path: &Path) -> Result<Account, String> {
    match read(path)? {
        (account, None) => Ok(account),
        (_, Some(unfit)) => Err(refused(path, &unfit)),
    }
}

/// What the report at that path says, where it can be compared with another:
/// one that judged nothing can, though nothing comes of it.
pub(super) fn side(path: &Path) -> Result<Account, String> {
    match read(path)? {
        (account, None | Some(Unfit::Nothing)) => Ok(account),
        (_, Some(unfit)) => Err(refused(path, &unfit)),
    }
}

fn read(path: &Path) -> Result<(Account, Option<Unfit>), String> {
    let document = document::read(path).map_err(|error| error.to_string())?;
    let account = account::of(&document);
    let unfit = account.unfit();
    Ok((account, unfit))
}

fn refused(path: &Path, unfit: &Unfit) -> String {
    format!("report `{}`: {unfit}", path.display())
}
