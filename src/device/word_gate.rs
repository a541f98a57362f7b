//! Device gates of a driver: words in host memory that the device reads, and waits for them in a stream.
//!
//! Words go from user to user and their values only grow: what still stands in the stream of an earlier
//! one is open to that for ever.

use std::ffi::c_void;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::Gate;
use super::driver::Handle;
use crate::error::{Error, Result};
use crate::sync::Mutex;

/// A word to itself on a cache line, so that a store disturbs no neighbour.
const STRIDE_BYTES: usize = 64;
/// One page at a time.
pub(super) const BYTES_AT_ONCE: usize = 4096;

/// What a driver does for the gates of one device or context.
pub(super) trait GateDriver: Send + Sync {
    /// How long after its word was closed a stream that found it open may still seem to stand at the gate.
    const SETTLE: Duration;
    /// The unused words.
    fn words(&self) -> &GateWords;
    /// Zeroed memory for words, `BYTES_AT_ONCE`, which stays for as long as this lives: its address, and the
    /// same for the device.
    fn memory(&self) -> Result<(*mut c_void, usize)>;
    /// The stream stops here until the word has come to this value, counted round.
    fn append_wait(&self, stream: Handle, word: usize, value: u32) -> Result<()>;
}

/// The unused words of one device or context.
#[derive(Default)]
pub(super) struct GateWords {
    unused: Mutex<Vec<GateWord>>,
}

/// One word, as the host and as the device addresses it.
#[derive(Clone, Copy)]
struct GateWord {
    host: NonNull<AtomicU32>,
    device: usize,
    /// Its user's gates are open from this value on.
    open: u32,
}

// SAFETY: `host` is aligned memory that stays for as long as its driver does (`GateDriver::memory`), which
// every gate keeps alive, and is only accessed atomically.
unsafe impl Send for GateWord {}
// SAFETY: as above.
unsafe impl Sync for GateWord {}

impl GateWord {
    fn set(&self, value: u32) {
        // SAFETY: see the type.
        let word = unsafe { self.host.as_ref() };
        // Release: what the suspending thread did before is done; the device orders its own reads.
        word.store(value, Ordering::Release);
    }
}

fn take_word(driver: &impl GateDriver) -> Result<GateWord> {
    let mut unused = driver.words().unused.lock();
    if unused.is_empty() {
        let (host, device) = driver.memory()?;
        for at in (0..BYTES_AT_ONCE).step_by(STRIDE_BYTES) {
            let host = NonNull::new(host.wrapping_byte_add(at).cast());
            unused.push(GateWord {
                host: host.ok_or_else(|| Error::Internal("gate words at address 0".into()))?,
                device: device + at,
                open: 0,
            });
        }
    }
    unused
        .pop()
        .ok_or_else(|| Error::Internal("no gate word".into()))
}

/// The gate of one stream.
pub(super) struct WordGate<D: GateDriver> {
    driver: Arc<D>,
    stream: Handle,
    word: GateWord,
}

impl<D: GateDriver> WordGate<D> {
    /// An open gate.
    pub(super) fn new(driver: Arc<D>, stream: Handle) -> Result<WordGate<D>> {
        let mut word = take_word(&*driver)?;
        word.open = word.open.wrapping_add(2);
        word.set(word.open);
        Ok(WordGate {
            driver,
            stream,
            word,
        })
    }
}

impl<D: GateDriver> Gate for WordGate<D> {
    fn append_wait(&self) -> Result<()> {
        let GateWord { device, open, .. } = self.word;
        self.driver.append_wait(self.stream, device, open)
    }

    fn close(&self) {
        self.word.set(self.word.open.wrapping_sub(1));
    }

    fn settle(&self) -> Duration {
        D::SETTLE
    }

    fn open(&self) {
        self.word.set(self.word.open);
    }
}

impl<D: GateDriver> Drop for WordGate<D> {
    fn drop(&mut self) {
        // A wait for it may still stand in the stream.
        self.open();
        self.driver.words().unused.lock().push(self.word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A driver that notes what its streams are told to wait for.
    #[derive(Default)]
    struct Fake {
        words: GateWords,
        pages: Mutex<Vec<Box<[AtomicU32; BYTES_AT_ONCE / 4]>>>,
        waits: Mutex<Vec<(usize, u32)>>,
    }

    impl GateDriver for Fake {
        const SETTLE: Duration = Duration::ZERO;

        fn words(&self) -> &GateWords {
            &self.words
        }
        fn memory(&self) -> Result<(*mut c_void, usize)> {
            let page = Box::new([const { AtomicU32::new(0) }; BYTES_AT_ONCE / 4]);
            let address = page.as_ptr().cast_mut().cast::<c_void>();
            self.pages.lock().push(page);
            Ok((address, address as usize))
        }
        fn append_wait(&self, _stream: Handle, word: usize, value: u32) -> Result<()> {
            self.waits.lock().push((word, value));
            Ok(())
        }
    }

    impl Fake {
        /// The last wait that a stream was told of: would it go on?
        fn goes_on(&self) -> bool {
            let (word, value) = *self.waits.lock().last().unwrap();
            let pages = self.pages.lock();
            let mut words = pages.iter().flat_map(|page| page.iter());
            let word = words.find(|at| std::ptr::from_ref(*at) as usize == word);
            let now = word.unwrap().load(Ordering::Acquire);
            // As the device compares: which is ahead, counted round.
            now.wrapping_sub(value).cast_signed() >= 0
        }
    }

    fn gate(driver: &Arc<Fake>) -> WordGate<Fake> {
        WordGate::new(driver.clone(), Handle(std::ptr::null_mut())).unwrap()
    }

    #[test]
    fn a_gate_that_goes_leaves_no_stream_behind() {
        let driver = Arc::new(Fake::default());
        let closed = gate(&driver);
        closed.append_wait().unwrap();
        assert!(driver.goes_on());
        closed.close();
        assert!(!driver.goes_on());
        drop(closed);
        assert!(driver.goes_on());
    }

    #[test]
    fn a_word_is_used_again_and_earlier_waits_stay_open() {
        let driver = Arc::new(Fake::default());
        for _ in 0..1000 {
            let first = gate(&driver);
            first.append_wait().unwrap();
            drop(first);
            let second = gate(&driver);
            second.close();
            assert!(driver.goes_on(), "what the first one's stream waits for");
            second.append_wait().unwrap();
            assert!(!driver.goes_on());
        }
        assert_eq!(driver.pages.lock().len(), 1);
    }

    #[test]
    fn words_lie_on_cache_lines_of_their_own() {
        let driver = Arc::new(Fake::default());
        let gates: Vec<_> = (0..100).map(|_| gate(&driver)).collect();
        gates.iter().for_each(|gate| gate.append_wait().unwrap());
        let waits = driver.waits.lock();
        let mut lines: Vec<_> = waits.iter().map(|(word, _)| word / STRIDE_BYTES).collect();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines.len(), gates.len());
    }
}
