//! The one error type of the library. Depends on nothing; created anywhere, shown at the C boundary.

use std::fmt;

/// Why a call failed. The text names the argument or the device call at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A device or driver call failed; `code` is the driver's own.
    Hardware {
        /// The device call.
        call: &'static str,
        /// The driver's code.
        code: i32,
    },
    /// An argument is NULL, out of range or contradicts another.
    InvalidValue {
        /// Name of the argument in the header.
        argument: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A handle is unknown here.
    NotFound {
        /// Name of the argument in the header.
        argument: &'static str,
        /// What was looked for, and what is known about it.
        reason: String,
    },
    /// The call does not fit the state of the object or the calling thread.
    NotAllowed(String),
    /// The platform, level, policy or flag is not available.
    NotSupported(String),
    /// The command's own callback failed with this code.
    Command {
        /// What the callback returned.
        code: i32,
    },
    /// A broken invariant in this library.
    Internal(String),
}

/// Result with the library's error.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A NULL argument.
    pub fn null(argument: &'static str) -> Error {
        Error::InvalidValue {
            argument,
            reason: "must not be NULL".into(),
        }
    }

    /// A value outside its range, or of no meaning.
    pub fn invalid(argument: &'static str, reason: impl Into<String>) -> Error {
        Error::InvalidValue {
            argument,
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Hardware { call, code } => write!(f, "device call {call} failed, code {code}"),
            Error::InvalidValue { argument, reason } => write!(f, "argument `{argument}` {reason}"),
            Error::NotFound { argument, reason } => write!(f, "argument `{argument}`: {reason}"),
            Error::NotAllowed(reason) | Error::NotSupported(reason) => f.write_str(reason),
            Error::Command { code } => write!(f, "the command's callback returned {code}"),
            Error::Internal(reason) => write!(f, "internal fault: {reason}"),
        }
    }
}

impl std::error::Error for Error {}
