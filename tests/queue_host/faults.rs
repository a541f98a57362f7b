//! What fails, and the end of the process.

use std::sync::Arc;

use xsched::config::{Config, GateChoice};
use xsched::device::host::Fault;
use xsched::error::Error;
use xsched::runtime::Runtime;

use crate::client::{Client, HPF, SYNC, runtime};

#[test]
fn a_refused_launch_returns_the_devices_code_and_counts_nothing() {
    let runtime = runtime(HPF, GateChoice::Auto);
    let (client, _other) = (Client::new(&runtime, 1), Client::new(&runtime, 9));
    runtime.host_device().set_fault(Fault::Launch, 0);
    let refused = client.launch(|| {});
    runtime.host_device().set_fault(Fault::None, 0);
    assert!(
        matches!(refused, Err(Error::Hardware { code: 719, .. })),
        "{refused:?}"
    );
    let stats = client.queue.stats();
    assert_eq!(
        (stats.commands, stats.in_flight, stats.launch_errors),
        (0, 0, 1)
    );
    client.delay(0);
    client.hw_queue.synchronize().unwrap();
}

#[test]
fn a_fault_of_gate_or_marker_turns_the_queue_to_pass_through() {
    for (fault, gate) in [
        (Fault::Gate, GateChoice::Device),
        (Fault::Marker, GateChoice::Host),
    ] {
        let runtime = runtime(HPF, gate);
        let (high, low) = (Client::new(&runtime, 9), Client::new(&runtime, 1));
        low.delay(0);
        runtime.host_device().set_fault(fault, 0);
        for _ in 0..200 {
            low.delay(0);
        }
        runtime.host_device().set_fault(Fault::None, 0);
        let stats = low.queue.stats();
        assert!(
            stats.failed && stats.bypass_failed > 0,
            "{fault:?}: {stats:?}"
        );
        high.delay(0);
        assert!(
            !low.queue.is_stopped(),
            "{fault:?}: a failed queue is not held"
        );
        low.hw_queue.synchronize().unwrap();
        assert_eq!(low.done(), 201, "{fault:?}: nothing is lost");
    }
}

#[test]
fn a_panic_in_the_driver_call_leaves_the_queue_usable() {
    let runtime = runtime(None, GateChoice::Auto);
    let client = Client::new(&runtime, 0);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        client.queue.launch::<()>(|| panic!("on purpose"))
    }));
    assert!(panicked.is_err());
    runtime.suspend(&client.queue, SYNC).unwrap(); // Would hang on a launch that never ended.
    runtime.resume(&client.queue, false).unwrap();
    client.delay(0);
    client.hw_queue.synchronize().unwrap();
}

#[test]
fn a_command_that_panics_is_an_error_of_that_command() {
    let runtime = runtime(None, GateChoice::Auto);
    let client = Client::new(&runtime, 0);
    client.launch(|| panic!("on purpose")).unwrap();
    assert_eq!(
        client.hw_queue.synchronize(),
        Err(Error::Command { code: 999 })
    );
    client.delay(0);
    client.hw_queue.synchronize().unwrap();
}

#[test]
fn at_exit_every_gate_is_open() {
    for gate in [GateChoice::Host, GateChoice::Device] {
        let runtime = runtime(None, gate);
        let client = Arc::new(Client::new(&runtime, 0));
        runtime.suspend(&client.queue, SYNC).unwrap();
        let launcher = {
            let client = client.clone();
            std::thread::spawn(move || client.delay(0))
        };
        runtime.shut_down();
        launcher.join().unwrap();
        client.hw_queue.synchronize().unwrap();
        assert_eq!(client.done(), 1);
    }
}

#[test]
fn disabled_passes_everything() {
    let config = Config {
        policy: HPF,
        disabled: true,
        ..Config::default()
    };
    let runtime = Runtime::new(config, None);
    let (high, low) = (Client::new(&runtime, 9), Client::new(&runtime, 1));
    runtime.suspend(&low.queue, SYNC).unwrap();
    high.delay(1000);
    low.delay(0);
    low.hw_queue.synchronize().unwrap();
    assert_eq!(high.queue.stats().passed + low.queue.stats().passed, 2);
}
