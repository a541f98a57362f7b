//! What a decision costs with many queues on a device: one event of each kind that happens all the time.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;

use xsched::sched::{Attributes, Event, Hint, Operation, PolicyKind, Scheduler};

/// Ready queues of one device, four to a process.
fn crowd(policy: PolicyKind, queues: u64) -> Scheduler {
    let mut scheduler = Scheduler::new(policy);
    let mut operations = Vec::new();
    for id in 0..queues {
        let attributes = Attributes {
            device: 0,
            process: u32::try_from(id / 4).unwrap_or(0),
            nice: 0,
        };
        let priority = i32::try_from(id % 100).unwrap_or(0);
        let deadline_us = i64::try_from(1000 + id % 77).unwrap_or(0);
        for event in [
            Event::Created(id, attributes),
            Event::Hint(id, Hint::Priority(priority)),
            Event::Hint(id, Hint::Utilization(priority + 1)),
            Event::Hint(id, Hint::Deadline(deadline_us)),
        ] {
            scheduler.handle(0, event, &mut operations);
        }
    }
    for id in 0..queues {
        scheduler.handle(0, Event::Ready(id), &mut operations);
    }
    scheduler
}

fn decisions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decision");
    for policy in PolicyKind::all() {
        for queues in [10, 1000] {
            let mut scheduler = crowd(policy, queues);
            let mut operations: Vec<Operation> = Vec::new();
            let (mut now_us, mut round) = (0, 0);
            group.bench_function(BenchmarkId::new(policy.name(), queues), |bench| {
                bench.iter(|| {
                    round += 1;
                    let id = round * 7919 % queues;
                    for event in [
                        Event::UsedNs(id, 2_000),
                        Event::Idle(id),
                        Event::Ready(id),
                        Event::Tick,
                    ] {
                        now_us += 3;
                        operations.clear();
                        scheduler.handle(now_us, black_box(event), &mut operations);
                    }
                    operations.len()
                });
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    // Each iteration is four events.
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_millis(500))
        .warm_up_time(Duration::from_millis(200));
    targets = decisions
}
criterion_main!(benches);
