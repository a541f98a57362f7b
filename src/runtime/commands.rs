//! Explicit commands of a process: created, submitted to a queue, destroyed or forgotten.

use std::sync::Arc;

use super::app::Runtime;
use crate::error::{Error, Result};
use crate::queue::{Command, Queue};

/// Completed commands that nobody destroyed are kept until this many later ones were submitted.
const COMMANDS_KEPT: usize = 65_536;

impl Runtime {
    /// Creates a command.
    pub fn create_command(
        &self,
        work: impl Fn(u64) -> i32 + Send + Sync + 'static,
    ) -> Arc<Command> {
        let id = self.commands.reserve();
        let command = Command::new(id, work);
        self.commands.insert(id, command.clone());
        command
    }

    /// Submits a command and keeps it until enough later ones were submitted.
    pub fn submit(&self, queue: &Queue, command: &Arc<Command>) -> Result<()> {
        queue.submit(command)?;
        let mut submitted = self.submitted.lock();
        submitted.push_back((command.id(), command.submissions()));
        if submitted.len() > COMMANDS_KEPT
            && let Some((oldest, submission)) = submitted.pop_front()
            // Destroyed by its owner already, as a rule.
            && let Ok(command) = self.commands.get(oldest)
        {
            if command.is_pending() {
                submitted.push_back((oldest, submission));
            } else if command.submissions() == submission {
                let _ = self.commands.remove(oldest);
            }
        }
        Ok(())
    }

    /// Destroys a command.
    pub fn destroy_command(&self, command: &Command) -> Result<()> {
        if command.is_pending() {
            return Err(Error::NotAllowed(format!(
                "command {:#x} is submitted and has not completed",
                command.id()
            )));
        }
        self.commands.remove(command.id()).map(drop)
    }
}
