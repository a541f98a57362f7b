//! Models of the admission protocol: every interleaving, up to `LOOM_MAX_PREEMPTIONS` preemptions, of
//! launching threads against suspend, resume, destroy, failure, idleness and a change of the limit.
//! A lost wake-up shows as a deadlock. Run by `ci/loom.sh`; empty without `--cfg loom`.
#![cfg(loom)]

use loom::sync::Arc;
use loom::sync::Mutex;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use loom::thread;
use xsched::queue::admission::{Admission, Entry, Refusal, Word};

const TRACKED: u64 = Word::TRACKED | Word::READY;
const HOST_GATED: u64 = TRACKED | Word::HOST_GATE;

/// What a launching thread does; calls `launch` between admission and exit.
fn admit(admission: &Admission, launch: impl Fn(Entry)) -> u64 {
    loop {
        match admission.try_enter(false) {
            Ok(entry) => {
                launch(entry);
                return admission.exit(true);
            }
            Err(Refusal::Stopped) => admission.wait_while_stopped(),
            Err(Refusal::Crowded) => admission.wait_while_crowded(),
            Err(Refusal::Full | Refusal::NotReady) => thread::yield_now(),
        }
    }
}

/// Between the end of a synchronous suspension and the resumption nothing launches, and the launching
/// thread is woken by the resumption.
#[test]
fn nothing_launches_while_suspended_and_resume_wakes() {
    loom::model(|| {
        let admission = Arc::new(Admission::new(HOST_GATED));
        let quiet = Arc::new(AtomicBool::new(false));
        let launcher = {
            let (admission, quiet) = (admission.clone(), quiet.clone());
            thread::spawn(move || {
                for _ in 0..2 {
                    admit(&admission, |_| assert!(!quiet.load(Ordering::SeqCst)));
                }
            })
        };
        admission.set(Word::SUSPENDED);
        admission.wait_quiescent();
        let launched = admission.word().launched();
        quiet.store(true, Ordering::SeqCst);
        assert_eq!(admission.word().launched(), launched);
        quiet.store(false, Ordering::SeqCst);
        admission.clear(Word::SUSPENDED);
        launcher.join().unwrap();
        assert_eq!(admission.word().launched(), 2);
        assert_eq!(admission.word().launching(), 0);
    });
}

/// The same for a thread on the pass path when tracking and suspension begin.
#[test]
fn suspension_waits_for_the_pass_path() {
    loom::model(|| {
        let admission = Arc::new(Admission::new(Word::HOST_GATE));
        let quiet = Arc::new(AtomicBool::new(false));
        let launcher = {
            let (admission, quiet) = (admission.clone(), quiet.clone());
            thread::spawn(move || {
                if admission.try_pass() {
                    assert!(!quiet.load(Ordering::SeqCst));
                    admission.exit(true);
                } else {
                    admit(&admission, |_| assert!(!quiet.load(Ordering::SeqCst)));
                }
            })
        };
        admission.set(TRACKED | Word::SUSPENDED);
        admission.wait_quiescent();
        quiet.store(true, Ordering::SeqCst);
        quiet.store(false, Ordering::SeqCst);
        admission.clear(Word::SUSPENDED);
        launcher.join().unwrap();
        assert_eq!(admission.word().launched(), 1);
    });
}

/// Application and scheduler stop the queue independently; it goes on when neither does.
#[test]
fn both_must_let_it_go_on() {
    loom::model(|| {
        let admission = Arc::new(Admission::new(HOST_GATED | Word::SUSPENDED | Word::HELD));
        let resumed = Arc::new(AtomicUsize::new(0));
        let launcher = {
            let (admission, resumed) = (admission.clone(), resumed.clone());
            thread::spawn(move || {
                admit(&admission, |_| {
                    assert_eq!(resumed.load(Ordering::SeqCst), 2)
                });
            })
        };
        let application = {
            let (admission, resumed) = (admission.clone(), resumed.clone());
            thread::spawn(move || {
                resumed.fetch_add(1, Ordering::SeqCst);
                admission.clear(Word::SUSPENDED);
            })
        };
        resumed.fetch_add(1, Ordering::SeqCst);
        admission.clear(Word::HELD);
        launcher.join().unwrap();
        application.join().unwrap();
    });
}

/// Destroying a suspended queue, or its failure, lets waiting threads bypass.
#[test]
fn destroy_and_failure_release_waiting_threads() {
    for end in [Word::CLOSED, Word::FAILED] {
        loom::model(move || {
            let admission = Arc::new(Admission::new(HOST_GATED | Word::SUSPENDED));
            let launcher = {
                let admission = admission.clone();
                thread::spawn(move || {
                    admit(&admission, |entry| assert_eq!(entry, Entry::Bypass));
                })
            };
            admission.set(end);
            launcher.join().unwrap();
        });
    }
}

/// In-flight work never exceeds the limit, whoever launches; completion makes room.
#[test]
fn the_limit_holds_for_two_threads() {
    loom::model(|| {
        let admission = Arc::new(Admission::new(TRACKED));
        admission.set_limit(1);
        let in_flight = Arc::new(AtomicUsize::new(0));
        let launch = |admission: Arc<Admission>, in_flight: Arc<AtomicUsize>| {
            let launched = admit(&admission, |_| {
                assert_eq!(in_flight.fetch_add(1, Ordering::SeqCst), 0);
            });
            in_flight.fetch_sub(1, Ordering::SeqCst);
            admission.complete(launched);
        };
        let other = {
            let (admission, in_flight) = (admission.clone(), in_flight.clone());
            thread::spawn(move || launch(admission, in_flight))
        };
        launch(admission.clone(), in_flight.clone());
        other.join().unwrap();
        assert_eq!(admission.in_flight(), 0);
    });
}

/// A change of the limit in the middle of launches never admits more than the larger of the two.
#[test]
fn the_limit_may_change_at_any_time() {
    loom::model(|| {
        let admission = Arc::new(Admission::new(TRACKED));
        admission.set_limit(2);
        let launcher = {
            let admission = admission.clone();
            thread::spawn(move || {
                for _ in 0..2 {
                    let launched = admit(&admission, |_| assert!(admission.in_flight() < 2));
                    admission.complete(launched);
                }
            })
        };
        admission.set_limit(1);
        launcher.join().unwrap();
        assert_eq!(admission.limit(), 1);
        assert_eq!(admission.word().launched(), 2);
    });
}

/// The scheduler's knowledge and READY agree, and work in flight never goes unnoticed: a launch races
/// with the discovery that the queue is idle. The mutex stands for the runtime's lock for the device.
#[test]
fn a_launch_is_never_taken_for_idle() {
    loom::model(|| {
        let admission = Arc::new(Admission::new(TRACKED));
        let known_ready = Arc::new(Mutex::new(true));
        let launcher = {
            let (admission, known_ready) = (admission.clone(), known_ready.clone());
            thread::spawn(move || {
                loop {
                    match admission.try_enter(false) {
                        Ok(_) => break admission.exit(true),
                        Err(Refusal::NotReady) => {
                            let mut known = known_ready.lock().unwrap();
                            admission.set(Word::READY);
                            *known = true;
                        }
                        Err(_) => unreachable!("neither stopped nor full"),
                    }
                }
            })
        };
        {
            let mut known = known_ready.lock().unwrap();
            if admission.clear_ready_if_idle(0) {
                *known = false;
            }
        }
        launcher.join().unwrap();
        assert!(
            admission.word().has(Word::READY),
            "one command is in flight"
        );
        assert!(*known_ready.lock().unwrap());
    });
}

/// Two waiters of different kinds do not take each other's wake-up.
#[test]
fn wake_ups_are_not_stolen() {
    loom::model(|| {
        let admission = Arc::new(Admission::new(HOST_GATED | Word::SUSPENDED));
        let launcher = {
            let admission = admission.clone();
            thread::spawn(move || {
                admit(&admission, |_| {});
            })
        };
        let suspender = {
            let admission = admission.clone();
            thread::spawn(move || admission.wait_quiescent())
        };
        admission.clear(Word::SUSPENDED);
        suspender.join().unwrap();
        launcher.join().unwrap();
    });
}

/// While somebody waits for every stream, a suspended queue's device gate is open: callers are stopped at
/// the host, but for those already on their way.
#[test]
fn a_lifted_queue_stops_callers_at_the_host() {
    loom::model(|| {
        let admission = Admission::new(TRACKED | Word::SUSPENDED);
        stops_callers(admission, Word::HOST_GATE, Word::SUSPENDED);
    });
}

/// Once `flag` is set nobody is admitted who was not before; whoever was stopped is woken when that and `other` are
/// cleared.
fn stops_callers(admission: Admission, flag: u64, other: u64) {
    let admission = Arc::new(admission);
    let launcher = {
        let admission = admission.clone();
        thread::spawn(move || {
            for _ in 0..2 {
                admit(&admission, |_| {});
            }
        })
    };
    let admitted = |word: Word| word.launched() + word.launching();
    let before = admitted(admission.set(flag));
    assert!(admitted(admission.word()) <= before);
    admission.clear(flag);
    admission.clear(other);
    launcher.join().unwrap();
    assert_eq!(admission.word().launched(), 2);
}

/// Where nothing completes, each overdraft lets one thread more in and no other; the next completion
/// takes them back.
#[test]
fn an_overdraft_is_one_command_until_one_completes() {
    loom::model(|| {
        let admission = Arc::new(Admission::new(TRACKED));
        admission.set_limit(1);
        let overdrawn = Arc::new(AtomicUsize::new(0));
        let launch = |admission: Arc<Admission>, overdrawn: Arc<AtomicUsize>| {
            move || {
                while admission.try_enter(false).is_err() {
                    overdrawn.fetch_add(1, Ordering::SeqCst);
                    admission.overdraw();
                    thread::yield_now();
                }
                let word = admission.word();
                let allowed = 1 + overdrawn.load(Ordering::SeqCst) as u64;
                assert!(word.launched() + word.launching() <= allowed);
                admission.exit(true);
            }
        };
        let other = thread::spawn(launch(admission.clone(), overdrawn.clone()));
        launch(admission.clone(), overdrawn)();
        other.join().unwrap();
        admission.complete(1);
        assert_eq!(admission.try_enter(false), Err(Refusal::Full));
        admission.complete(2);
        assert!(admission.try_enter(false).is_ok());
    });
}

/// A held queue whose launches are paced admits nobody once the flag is set, though it has a device gate;
/// whoever was stopped is woken by the release.
#[test]
fn a_held_queue_without_gates_stops_callers_at_the_host() {
    loom::model(|| {
        let admission = Admission::new(TRACKED);
        admission.set_stopped_limits(0, 2);
        stops_callers(admission, Word::HELD, 0);
    });
}

/// Behind the closed gate of a suspended queue stands no more than its driver takes, whoever launches; the
/// limit on a running queue's work does not count there.
#[test]
fn a_suspended_queue_takes_what_its_limit_says() {
    loom::model(|| {
        let admission = Arc::new(Admission::new(TRACKED | Word::SUSPENDED));
        admission.set_limit(1);
        admission.set_stopped_limits(0, 2);
        let launcher = |commands| {
            let admission = admission.clone();
            thread::spawn(move || {
                for _ in 0..commands {
                    admit(&admission, |_| {
                        let word = admission.word();
                        let behind = word.launched() + word.launching();
                        assert!(behind <= 2 || !word.has(Word::SUSPENDED));
                    });
                }
            })
        };
        let launchers = [launcher(2), launcher(1)];
        admission.set_limit(u32::MAX);
        admission.clear(Word::SUSPENDED);
        for launcher in launchers {
            launcher.join().unwrap();
        }
        assert_eq!(admission.word().launched(), 3);
    });
}
