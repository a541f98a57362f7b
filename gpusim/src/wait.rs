//! What a stream can wait for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::abi::Address;
use crate::config::{self, WaitValue};
use crate::error::{Code, Result};
use crate::memory::{self, Access};
use crate::stream::Stream;

/// See the module.
pub enum Wait {
    /// Until this many commands of the stream have completed.
    Stream(Arc<Stream>, u64),
    /// Until the event's record has completed.
    Mark(Arc<Mark>),
    Value(ValueWait),
}

impl Wait {
    /// Once true it is not to be asked again.
    pub fn is_over(&self) -> bool {
        match self {
            Wait::Stream(stream, count) => stream.completed() >= *count,
            Wait::Mark(mark) => mark.is_reached(),
            Wait::Value(value) => value.passes(),
        }
    }

    pub fn is_for_value(&self) -> bool {
        matches!(self, Wait::Value(_))
    }
}

/// One recording of an event: when the stream got there.
#[derive(Default)]
pub struct Mark {
    /// Nanoseconds on the process's clock plus one; 0 until reached.
    reached: AtomicU64,
}

impl Mark {
    pub fn reach(&self) {
        // Release pairs with `time`: what the stream did before is visible to who sees it.
        self.reached.store(now_ns() + 1, Ordering::Release);
    }

    pub fn is_reached(&self) -> bool {
        self.time().is_some()
    }

    pub fn time(&self) -> Option<Duration> {
        let reached = self.reached.load(Ordering::Acquire);
        reached.checked_sub(1).map(Duration::from_nanos)
    }
}

fn now_ns() -> u64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    u64::try_from(START.get_or_init(Instant::now).elapsed().as_nanos()).unwrap_or(u64::MAX - 1)
}

/// A wait for a word in memory.
#[derive(Clone, Copy)]
pub struct ValueWait {
    word: Value,
    compare: Compare,
    mask: u64,
    /// See `then`.
    then: Option<Value>,
}

/// `AtLeast` is AMD's, as plain numbers; `Reached` is NVIDIA's, as cyclic ones.
#[derive(Clone, Copy)]
pub enum Compare {
    AtLeast,
    Reached,
    Equal,
    And,
    Nor,
}

impl ValueWait {
    pub fn new(word: Value, compare: Compare, mask: u64) -> ValueWait {
        ValueWait {
            word,
            compare,
            mask,
            then: None,
        }
    }

    /// What the same call writes next. A device that has passed the wait shows that within a microsecond. A thread may
    /// sleep in between, so it looks at the word again right before it writes.
    pub fn then(self, write: Value) -> ValueWait {
        ValueWait {
            then: Some(write),
            ..self
        }
    }

    fn passes(&self) -> bool {
        let Some(then) = self.then else {
            return self.is_over();
        };
        // Whether it may be written takes a lock to find out: before the last look.
        self.is_over() && {
            let writable = then.is_writable();
            let over = self.is_over();
            if over && writable {
                then.put();
            }
            over
        }
    }

    fn is_over(&self) -> bool {
        match config::get().wait_value {
            WaitValue::Never => return false,
            WaitValue::Ignored => return true,
            _ => {}
        }
        // A wait on memory that is no more is a violation and ends, or the process would hang.
        if !memory::check(
            self.word.address,
            self.word.bytes(),
            Access::Read,
            "a wait for a value",
        ) {
            return true;
        }
        let value = self.word.load();
        match self.compare {
            Compare::AtLeast => value & self.mask >= self.word.value,
            Compare::Reached => {
                let ahead = value.wrapping_sub(self.word.value) & self.word.all_ones();
                ahead <= self.word.all_ones() / 2
            }
            Compare::Equal => value & self.mask == self.word.value,
            Compare::And => value & self.mask & self.word.value != 0,
            Compare::Nor => {
                let nor = !((value & self.mask) | (self.word.value & self.mask));
                nor & self.word.all_ones() != 0
            }
        }
    }
}

/// A word in memory, and the value to compare it with or to store.
#[derive(Clone, Copy)]
pub struct Value {
    address: Address,
    value: u64,
    wide: bool,
}

impl Value {
    /// The address must lie in memory that the runtime knows.
    pub fn new(address: Address, value: u64, wide: bool) -> Result<Value> {
        let word = Value {
            address,
            value,
            wide,
        };
        let known = memory::is_known(address, word.bytes());
        if !known || !address.0.is_multiple_of(word.bytes()) {
            return Err(Code::INVALID_VALUE);
        }
        Ok(word)
    }

    fn bytes(&self) -> usize {
        if self.wide { 8 } else { 4 }
    }

    fn all_ones(&self) -> u64 {
        if self.wide {
            u64::MAX
        } else {
            u64::from(u32::MAX)
        }
    }

    fn load(&self) -> u64 {
        if self.wide {
            // SAFETY: aligned (checked by `new`) and in memory that was just found to be live.
            let word = unsafe { AtomicU64::from_ptr(self.address.as_ptr().cast()) };
            word.load(Ordering::Acquire)
        } else {
            // SAFETY: as above.
            let word = unsafe { AtomicU32::from_ptr(self.address.as_ptr().cast()) };
            u64::from(word.load(Ordering::Acquire))
        }
    }

    /// What a stream write does when the stream gets there.
    pub fn store(&self) {
        if self.is_writable() {
            self.put();
        }
    }

    fn is_writable(&self) -> bool {
        memory::check(
            self.address,
            self.bytes(),
            Access::Write,
            "a write of a value",
        )
    }

    fn put(&self) {
        if self.wide {
            // SAFETY: aligned (checked by `new`) and in memory that was just found to be live.
            let word = unsafe { AtomicU64::from_ptr(self.address.as_ptr().cast()) };
            word.store(self.value, Ordering::Release);
        } else {
            // SAFETY: as above.
            let word = unsafe { AtomicU32::from_ptr(self.address.as_ptr().cast()) };
            #[allow(
                clippy::cast_possible_truncation,
                reason = "a 32-bit write takes the low half"
            )]
            word.store(self.value as u32, Ordering::Release);
        }
    }
}
