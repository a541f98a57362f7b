//! What one decision costs under each policy with 1,000 queues of ten processes: an event of one queue,
//! from the event to the operations. `cargo bench --bench decision`.

#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use xsched::sched::{Attributes, Event, Hint, PolicyKind, Scheduler};

const QUEUES: u64 = 1000;

fn decision(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decision_1000_queues");
    for policy in PolicyKind::all() {
        let mut scheduler = Scheduler::new(policy);
        let mut operations = Vec::new();
        for id in 0..QUEUES {
            let process = u32::try_from(id % 10).unwrap_or(0);
            let attributes = Attributes {
                process,
                ..Attributes::default()
            };
            let priority = i32::try_from(id % 7).unwrap_or(0);
            scheduler.handle(0, Event::Created(id, attributes), &mut operations);
            scheduler.handle(
                0,
                Event::Hint(id, Hint::Priority(priority)),
                &mut operations,
            );
            scheduler.handle(0, Event::Ready(id), &mut operations);
        }
        let (mut now_us, mut id) = (0, 0);
        group.bench_function(policy.name(), |bench| {
            bench.iter(|| {
                // A queue works, becomes idle and is ready again: three events a round.
                operations.clear();
                now_us += 100;
                id = (id + 7) % QUEUES;
                scheduler.handle(now_us, Event::UsedNs(id, 50_000), &mut operations);
                scheduler.handle(now_us, Event::Idle(id), &mut operations);
                scheduler.handle(now_us, Event::Ready(id), &mut operations);
                black_box(operations.len())
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = decision
}
criterion_main!(benches);
