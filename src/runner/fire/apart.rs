//! Whether an id that should not exist, but was answered 200, is that of a
//! workgroup of its own, or the target took it for one that exists.

use super::Firing;
use crate::generate::WorkgroupChoice;
use crate::generate::mailbox::{Names, Shape};
use crate::generate::update::adding;
use crate::oracle::Stored;
use crate::runner::ground::Ground;
use crate::runner::trouble::Trouble;

/// The tag of the object that tells.
const TAG: u16 = 0xfffd;

impl Firing<'_> {
    /// Says so where a near miss of the leased workgroup is a workgroup of its own:
    /// it can be read, and does not show what is stored in the leased one. Other ids
    /// are not asked for: whoever makes every workgroup up as it is asked for would
    /// be believed.
    pub(super) async fn refuse_existing(
        &mut self,
        choice: &WorkgroupChoice,
        asked: &str,
        ground: &mut Ground,
    ) -> Result<(), Trouble> {
        let WorkgroupChoice::Near(near) = choice else {
            return Ok(());
        };
        let is_near = near.of(&ground.workgroup).as_deref() == Some(asked);
        if !self.stage.read_back || !is_near || self.look(asked).await.is_err() {
            return Ok(());
        }
        let mut telling = Shape::plain(&self.stage.fixtures).named(&Names::new(TAG), 1);
        telling.configuration_id = Default::default();
        let address = telling.email_address.value().cloned();
        let requests = &mut self.fired.requests;
        let workgroup = &ground.workgroup;
        self.stage
            .update(workgroup, &adding(&[telling]), requests)
            .await?;
        let shown = self.look(asked).await?;
        let is_it = |object: &Stored| object.text("emailAddress") == address.as_deref();
        let stored = self.look(workgroup).await?;
        let ids: Vec<String> = stored
            .iter()
            .filter(|object| is_it(object))
            .map(|object| object.id.clone())
            .collect();
        let requests = &mut self.fired.requests;
        self.stage.remove(workgroup, &ids, requests).await?;
        if ids.is_empty() || shown.iter().any(is_it) {
            Ok(())
        } else {
            Err(Trouble::NotOffered(format!(
                "there is a workgroup `{asked}` beside the scratch workgroup `{workgroup}`"
            )))
        }
    }
}
