//! Device gates of a driver: waits, in a stream, for a word in host memory that the device reads. Where the driver can,
//! the device counts beside the word how many of them the stream has reached and passed.

use std::ffi::c_void;
use std::mem::offset_of;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use super::driver::Handle;
use super::gate_words::{GateWord, GateWords, Line, WordIs};
use super::{Gate, Marker, Placed, Stream, look_until};
use crate::clock;
use crate::error::{Error, Result};

/// What a driver does for the gates of one device or context.
pub(super) trait GateDriver: Send + Sync + 'static {
    /// How long after its word was closed a stream that found it open may still seem to stand at the gate.
    const SETTLE: Duration;
    /// The unused words.
    fn words(&self) -> &GateWords;
    /// Zeroed memory for words, `BYTES_AT_ONCE`, which stays for as long as this lives: its address, and the
    /// same for the device.
    fn memory(&self) -> Result<(*mut c_void, usize)>;
    /// The stream stops here until the word has come to this value, counted round.
    fn append_wait(&self, stream: Handle, word: usize, value: u32) -> Result<()>;
    /// The same between two writes of the device, each of which comes when everything in front of it is complete. All
    /// or, on error, nothing is appended.
    fn append_counted_wait(&self, _stream: Handle, _counted: CountedWait) -> Result<()> {
        Err(Error::NotSupported("counted gates".into()))
    }
    /// Fails where the device will count nothing any more, because it has failed.
    fn check(&self) -> Result<()> {
        Ok(())
    }
}

/// What a stream does at a counted gate, in this order.
pub(super) struct CountedWait {
    /// Written.
    pub(super) reached: WordIs,
    /// Waited for.
    pub(super) open: WordIs,
    /// Written.
    pub(super) passed: WordIs,
}

/// The gate of one stream.
pub(super) struct WordGate<D: GateDriver> {
    driver: Arc<D>,
    stream: Handle,
    word: GateWord,
    counted: AtomicU32,
    /// The driver can have the device count.
    counts: AtomicBool,
}

impl<D: GateDriver> WordGate<D> {
    /// An open gate.
    pub(super) fn new(driver: Arc<D>, stream: Handle) -> Result<WordGate<D>> {
        let mut word = driver.words().take(|| driver.memory())?;
        word.open = word.open.wrapping_add(2);
        word.set(word.open);
        Ok(WordGate {
            driver,
            stream,
            word,
            counted: AtomicU32::new(word.counted),
            counts: AtomicBool::new(true),
        })
    }

    fn append_counted_wait(&self) -> Result<u32> {
        let count = self.counted.load(Ordering::Relaxed).wrapping_add(1);
        let counted = CountedWait {
            reached: self.word.is(offset_of!(Line, reached), count),
            open: self.word.is(offset_of!(Line, gate), self.word.open),
            passed: self.word.is(offset_of!(Line, passed), count),
        };
        self.driver.append_counted_wait(self.stream, counted)?;
        // Gates of one stream are placed one after the other.
        self.counted.store(count, Ordering::Relaxed);
        Ok(count)
    }
}

impl<D: GateDriver> Gate for WordGate<D> {
    fn append_wait(&self) -> Result<()> {
        let GateWord { device, open, .. } = self.word;
        self.driver.append_wait(self.stream, device, open)
    }

    fn place_counted(&self, stream: &dyn Stream) -> Result<Placed> {
        if self.counts.load(Ordering::Relaxed) {
            match self.append_counted_wait() {
                Ok(count) => {
                    let marker = |of| CountMarker {
                        driver: self.driver.clone(),
                        word: self.word,
                        of,
                        count,
                        checked_ns: AtomicU64::new(0),
                    };
                    return Ok(Placed {
                        reached: Arc::new(marker(|line| &line.reached)),
                        passed: Arc::new(marker(|line| &line.passed)),
                    });
                }
                Err(error) => {
                    self.counts.store(false, Ordering::Relaxed);
                    tracing::debug!("gates are not counted ({error}): markers tell");
                }
            }
        }
        self.place(stream)
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
        let mut word = self.word;
        word.counted = self.counted.load(Ordering::Relaxed);
        self.driver.words().give_back(word);
    }
}

/// A driver's event would say that the device has failed; a count that does not come says nothing. So the driver is
/// asked, this often while somebody looks. Not at once: the question takes 4 us, at times 12 (H200), as much as a
/// suspension of short commands.
const CHECK_NS: u64 = 1_000_000;

/// The device has counted so far.
struct CountMarker<D: GateDriver> {
    /// Keeps the memory, too.
    driver: Arc<D>,
    word: GateWord,
    of: fn(&Line) -> &AtomicU32,
    count: u32,
    /// 0 until somebody has looked too early.
    checked_ns: AtomicU64,
}

impl<D: GateDriver> Marker for CountMarker<D> {
    fn is_complete(&self) -> Result<bool> {
        // Acquire: what the device did before is visible.
        let counted = (self.of)(self.word.line()).load(Ordering::Acquire);
        if counted.wrapping_sub(self.count).cast_signed() >= 0 {
            return Ok(true);
        }
        let now_ns = clock::now_ns();
        match self.checked_ns.load(Ordering::Relaxed) {
            0 => self.checked_ns.store(now_ns, Ordering::Relaxed),
            checked_ns if now_ns.saturating_sub(checked_ns) >= CHECK_NS => {
                self.checked_ns.store(now_ns, Ordering::Relaxed);
                self.driver.check()?;
            }
            _ => {}
        }
        Ok(false)
    }

    fn wait_until(&self, deadline_ns: u64) -> Result<bool> {
        look_until(deadline_ns, || self.is_complete())
    }

    fn completed_at_ns(&self) -> Option<u64> {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::device::gate_words::{BYTES_AT_ONCE, STRIDE_BYTES};
    use crate::device::host::HostDevice;
    use crate::sync::Mutex;

    /// A driver that notes what its streams are told to wait for, and to count if they can.
    #[derive(Default)]
    struct Fake {
        words: GateWords,
        pages: Mutex<Vec<Box<[AtomicU32; BYTES_AT_ONCE / 4]>>>,
        waits: Mutex<Vec<(usize, u32)>>,
        counts: Mutex<VecDeque<WordIs>>,
        counts_nothing: bool,
        failed: AtomicBool,
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
        fn append_counted_wait(&self, stream: Handle, counted: CountedWait) -> Result<()> {
            if self.counts_nothing {
                return Err(Error::NotSupported("counting".into()));
            }
            let CountedWait {
                reached,
                open,
                passed,
            } = counted;
            self.counts.lock().extend([reached, passed]);
            self.append_wait(stream, open.word, open.value)
        }
        fn check(&self) -> Result<()> {
            match self.failed.load(Ordering::Relaxed) {
                true => Err(Error::Internal("the device is lost".into())),
                false => Ok(()),
            }
        }
    }

    impl Fake {
        /// The device counts that it has reached a wait or, every second time, passed it.
        fn count(&self) {
            let WordIs { word, value } = self.counts.lock().pop_front().unwrap();
            self.word(word, |word| word.store(value, Ordering::Release));
        }

        fn word<T>(&self, address: usize, with: impl FnOnce(&AtomicU32) -> T) -> T {
            let pages = self.pages.lock();
            let mut words = pages.iter().flat_map(|page| page.iter());
            with(
                words
                    .find(|at| std::ptr::from_ref(*at) as usize == address)
                    .unwrap(),
            )
        }

        /// The last wait that a stream was told of: would it go on?
        fn goes_on(&self) -> bool {
            let (word, value) = *self.waits.lock().last().unwrap();
            let now = self.word(word, |word| word.load(Ordering::Acquire));
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

    fn place(gate: &WordGate<Fake>) -> Placed {
        gate.place_counted(&*HostDevice::new(1).create_stream(0))
            .unwrap()
    }

    fn is_there(placed: &Placed) -> [bool; 2] {
        [&placed.reached, &placed.passed].map(|marker| marker.is_complete().unwrap())
    }

    #[test]
    fn the_device_counts_what_it_reaches_and_passes() {
        let driver = Arc::new(Fake::default());
        let gate = gate(&driver);
        let placed = [place(&gate), place(&gate)];
        let expected = [
            [[false, false], [false, false]],
            [[true, false], [false, false]],
            [[true, true], [false, false]],
            [[true, true], [true, false]],
        ];
        for expected in expected {
            assert_eq!([is_there(&placed[0]), is_there(&placed[1])], expected);
            driver.count();
        }
        assert_eq!(placed[1].passed.wait_until(0), Ok(true));
        gate.close();
        assert!(!driver.goes_on(), "a counted gate closes like any other");
    }

    #[test]
    fn a_word_that_the_device_still_counts_beside_is_not_used_again() {
        let driver = Arc::new(Fake::default());
        let first = gate(&driver);
        let word = first.word.device;
        let placed = place(&first);
        drop(first);
        driver.count();
        let other = gate(&driver);
        assert_ne!(other.word.device, word);
        driver.count();
        let next = gate(&driver);
        assert_eq!(next.word.device, word);
        assert_eq!(is_there(&placed), [true, true]);
        assert_eq!(is_there(&place(&next)), [false, false]);
    }

    #[test]
    fn nobody_waits_for_a_count_of_a_device_that_has_failed() {
        let driver = Arc::new(Fake::default());
        let gate = gate(&driver);
        let Placed { reached, passed } = place(&gate);
        driver.count();
        let soon_ns = clock::now_ns() + 3 * CHECK_NS;
        assert_eq!(passed.wait_until(soon_ns), Ok(false), "closed, say");
        driver.failed.store(true, Ordering::Relaxed);
        assert!(passed.wait().is_err());
        assert_eq!(reached.is_complete(), Ok(true), "it was there before");
    }

    #[test]
    fn the_first_look_asks_nothing_however_old_the_gate() {
        let driver = Arc::new(Fake::default());
        let gate = gate(&driver);
        let Placed { passed, .. } = place(&gate);
        driver.failed.store(true, Ordering::Relaxed);
        std::thread::sleep(Duration::from_nanos(2 * CHECK_NS));
        assert_eq!(passed.is_complete(), Ok(false));
        assert!(passed.wait().is_err());
    }

    #[test]
    fn markers_tell_where_the_device_cannot_count() {
        let driver = Arc::new(Fake {
            counts_nothing: true,
            ..Fake::default()
        });
        let gate = gate(&driver);
        let stream = HostDevice::new(1).create_stream(0);
        let placed = gate.place_counted(&*stream).unwrap();
        assert!(placed.passed.wait_until(u64::MAX).unwrap());
        assert_eq!(driver.waits.lock().len(), 1);
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
