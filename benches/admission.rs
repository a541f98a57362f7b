//! What an admitted command costs on the launching thread, by path, and how fast an arrival suspends.
//!
//! The driver call is empty, so the numbers are the runtime's own. `cargo bench --bench admission`.

#![allow(clippy::unwrap_used, missing_docs)] // a benchmark that cannot be set up should stop

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use xsched::config::{Config, GateChoice};
use xsched::device::Level;
use xsched::queue::Queue;
use xsched::runtime::{HwQueue, Runtime};
use xsched::sched::{Hint, PolicyKind};

fn runtime(gate: GateChoice) -> Runtime {
    let policy = Some(PolicyKind::HighestPriorityFirst);
    Runtime::new(
        Config {
            policy,
            gate,
            ..Config::default()
        },
        None,
    )
}

fn queue(runtime: &Runtime, priority: i32) -> (Arc<HwQueue>, Arc<Queue>) {
    let hw_queue = runtime.create_host_queue(0);
    let queue = runtime
        .create_queue(&hw_queue, Level::Block, false)
        .unwrap();
    runtime.hint(&queue, Hint::Priority(priority)).unwrap();
    (hw_queue, queue)
}

/// A call that the compiler can neither remove nor see through.
fn call(counter: &AtomicU64) -> xsched::error::Result<()> {
    counter.store(black_box(1), Ordering::Relaxed);
    Ok(())
}

fn admission(criterion: &mut Criterion) {
    let counter = AtomicU64::new(0);
    let mut group = criterion.benchmark_group("admission");
    group.bench_function("no_runtime", |bench| {
        bench.iter(|| call(black_box(&counter)))
    });

    let alone = runtime(GateChoice::Auto);
    let (hw_queue, passing) = queue(&alone, 0);
    group.bench_function("pass", |bench| {
        bench.iter(|| black_box(&passing).launch(|| call(&counter)));
    });
    // As the C API does it: the stream's handle is looked up first. The process-wide runtime is not
    // this one, so the look-up is measured with a stream of its own.
    drop(hw_queue);
    let shared = xsched::process::process().runtime.create_host_queue(0);
    let attached = xsched::process::process()
        .runtime
        .create_queue(&shared, Level::Block, false);
    attached.unwrap();
    let handle = shared.id();
    group.bench_function("pass_with_handle_look_up", |bench| {
        bench.iter(|| {
            xsched::process::with_stream(black_box(handle), |_, queue| match queue {
                Some(queue) => queue.launch(|| call(&counter)),
                None => call(&counter),
            })
        });
    });

    for (name, gate) in [
        ("host_gate", GateChoice::Host),
        ("device_gate", GateChoice::Device),
    ] {
        let contended = runtime(gate);
        let (_high_stream, high) = queue(&contended, 9);
        let (low_stream, low) = queue(&contended, 1);
        group.bench_function(format!("tracked_high_{name}"), |bench| {
            bench.iter(|| black_box(&high).launch(|| call(&counter)));
        });
        contended.set_scheduler(None);
        contended.set_launch_config(&low, 512, 64).unwrap();
        group.bench_function(format!("tracked_preemptible_{name}"), |bench| {
            bench.iter(|| black_box(&low).launch(|| call(&counter)));
        });
        low_stream.synchronize().unwrap();
    }
    group.finish();
}

/// From the arrival of a high-priority command to the low queue's suspension: everything that the
/// arriving thread does before its own driver call.
fn arrival(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("arrival");
    for (name, gate) in [
        ("host_gate", GateChoice::Host),
        ("device_gate", GateChoice::Device),
    ] {
        let contended = runtime(gate);
        let (high_stream, high) = queue(&contended, 9);
        let (low_stream, low) = queue(&contended, 1);
        group.bench_function(format!("suspends_low_{name}"), |bench| {
            bench.iter_custom(|rounds| {
                let mut sum = Duration::ZERO;
                for _ in 0..rounds {
                    low.launch(|| low_stream.stream().launch(Box::new(|| 0)))
                        .unwrap();
                    let begun = Instant::now();
                    high.launch(|| {
                        sum += begun.elapsed();
                        assert!(low.is_stopped());
                        Ok(())
                    })
                    .unwrap();
                    high_stream.synchronize().unwrap();
                    low_stream.synchronize().unwrap();
                }
                sum
            });
        });
    }
    group.finish();
}

/// The software device itself, for scale: an empty command launched and waited for.
fn device(criterion: &mut Criterion) {
    let alone = runtime(GateChoice::Auto);
    let (hw_queue, _) = queue(&alone, 0);
    let mut group = criterion.benchmark_group("software_device");
    group.bench_function("launch_and_synchronize", |bench| {
        bench.iter(|| {
            hw_queue.stream().launch(Box::new(|| 0)).unwrap();
            hw_queue.stream().synchronize().unwrap();
        });
    });
    group.bench_function("launch_100_and_synchronize", |bench| {
        bench.iter_batched(
            || (),
            |()| {
                for _ in 0..100 {
                    hw_queue.stream().launch(Box::new(|| 0)).unwrap();
                }
                hw_queue.stream().synchronize().unwrap();
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30).measurement_time(Duration::from_secs(2));
    targets = admission, arrival, device
}
criterion_main!(benches);
