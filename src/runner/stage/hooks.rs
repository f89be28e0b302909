//! Hooks of the profile, and what is owed after one: a resource that was declared
//! removed is brought back.

use std::time::Duration;

use super::Stage;
use crate::client::Session;
use crate::client::hooks::{self, Fill, HookError};
use crate::runner::trouble::Trouble;

/// After how long the hook that brings the resource back is run again where it
/// failed.
const RESTORED_AGAIN: [Duration; 3] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_millis(500),
];

impl Stage {
    /// Runs a hook; a missing one is a matter of the property's needs.
    pub async fn hook(
        &self,
        hook: Option<&crate::target::Hook>,
        session: Option<&Session>,
        workgroup: &str,
    ) -> Result<(), Trouble> {
        let Some(hook) = hook else {
            return Err(Trouble::NotOffered(
                "the profile has no such hook".to_owned(),
            ));
        };
        let hooks = &self.hooks;
        let key = match Some(hook) {
            hook if hook == hooks.expire_session.as_ref() => "expire_session",
            hook if hook == hooks.fail_next.as_ref() => "fail_next",
            hook if hook == hooks.remove_resource.as_ref() => "remove_resource",
            _ => "restore_resource",
        };
        let hook = match hook.clone() {
            crate::target::Hook::Request { method, url, json } => {
                hooks::Hook::Request { method, url, json }
            }
            crate::target::Hook::Command { words } => hooks::Hook::Command { words },
        };
        let fill = Fill {
            base_url: self.base_url.clone(),
            session_id: Some(
                session
                    .map(|session| session.id.clone())
                    .unwrap_or_default(),
            ),
            workgroup_id: Some(workgroup.to_owned()),
        };
        match hooks::run(&self.client, &hook, &fill).await {
            Ok(()) => Ok(()),
            Err(HookError::Gone(gone)) => Err(Trouble::Gone(gone)),
            Err(error @ HookError::Transport(_)) => Err(self
                .trouble(format!("the hook `hooks.{key}` failed: {error}"))
                .await),
            Err(error @ HookError::Status(408 | 429 | 502..=504)) => Err(Trouble::Passing(
                format!("the hook `hooks.{key}` failed: {error}"),
            )),
            Err(error) => Err(Trouble::Unjudged(format!(
                "the hook `hooks.{key}` failed: {error}"
            ))),
        }
    }

    /// Brings the resource of a workgroup back, again where that fails. It stays
    /// owed until it is done.
    ///
    /// # Errors
    ///
    /// [`Trouble::Stuck`] where it is not: whatever is asked from then on would be
    /// judged as if it were there.
    pub async fn bring_resource_back(&self, workgroup: &str) -> Result<(), Trouble> {
        let restore = self.hooks.restore_resource.as_ref();
        let mut done = self.hook(restore, None, workgroup).await;
        for pause in RESTORED_AGAIN {
            match &done {
                Err(Trouble::Passing(_) | Trouble::Unjudged(_)) => {}
                _ => break,
            }
            tokio::time::sleep(pause).await;
            done = self.hook(restore, None, workgroup).await;
        }
        let mut removed = self.removed.lock().await;
        removed.retain(|known| known != workgroup);
        if done.is_err() {
            removed.push(workgroup.to_owned());
        }
        done.map_err(|trouble| match trouble {
            gone @ Trouble::Gone(_) => gone,
            other => Trouble::Stuck(format!(
                "the resource of `{workgroup}` is still declared removed: {}",
                other.into_reason()
            )),
        })
    }

    /// Brings the resource of a workgroup back, should the hook that was to remove it
    /// have done so though it says that it failed. Where this fails as well, neither
    /// hook does anything, and nothing is owed.
    pub async fn bring_resource_back_if_removed(&self, workgroup: &str) {
        let restore = self.hooks.restore_resource.as_ref();
        _ = self.hook(restore, None, workgroup).await;
    }

    /// Brings back what could not be brought back before.
    pub async fn bring_all_back(&self) -> Result<(), Trouble> {
        let owed = self.removed.lock().await.clone();
        for workgroup in owed {
            self.bring_resource_back(&workgroup).await?;
        }
        Ok(())
    }
}
