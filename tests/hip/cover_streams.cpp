/*
 * Every way to make, ask, wait for and destroy a stream.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

/* Runs something in a fresh stream and destroys it: that waits for nothing, and nothing is lost. */
void use_and_destroy(hipStream_t stream) {
    Ledger ledger;
    for (int i = 0; i < 10; i++) {
        ledger.append(stream);
    }
    SUCCEEDS(hipStreamDestroy)(stream);
    OK(hipDeviceSynchronize());
    CHECK(ledger.complete());
}

void create_ask_destroy() {
    int least = -100;
    int greatest = 100;
    SUCCEEDS(hipDeviceGetStreamPriorityRange)(&least, &greatest);
    CHECK(least >= greatest);

    hipStream_t stream = nullptr;
    unsigned flags = ~0u;
    SUCCEEDS(hipStreamCreate)(&stream);
    SUCCEEDS(hipStreamGetFlags)(stream, &flags);
    CHECK(flags == hipStreamDefault);
    use_and_destroy(stream);

    SUCCEEDS(hipStreamCreateWithFlags)(&stream, hipStreamNonBlocking);
    SUCCEEDS(hipStreamGetFlags_spt)(stream, &flags);
    CHECK(flags == hipStreamNonBlocking);
    use_and_destroy(stream);

    int priority = 100;
    SUCCEEDS(hipStreamCreateWithPriority)(&stream, hipStreamNonBlocking, greatest);
    SUCCEEDS(hipStreamGetPriority)(stream, &priority);
    CHECK(priority == greatest);
    priority = 100;
    SUCCEEDS(hipStreamGetPriority_spt)(stream, &priority);
    CHECK(priority == greatest);
    use_and_destroy(stream);

    const uint32_t mask = 0xf;
    uint32_t told = 0;
    SUCCEEDS(hipExtStreamCreateWithCUMask)(&stream, 1, &mask);
    SUCCEEDS(hipExtStreamGetCUMask)(stream, 1, &told);
    CHECK(told == mask);
    use_and_destroy(stream);
}

void ask_for_more() {
    Stream stream;
    Stream other;
    hipDevice_t device = -1;
    unsigned long long id = 0;
    unsigned long long other_id = 0;
    SUCCEEDS(hipGetStreamDeviceId)(stream);
    if (SUCCEEDS(hipStreamGetDevice)(stream, &device)) {
        CHECK(device == 0);
    }
    if (SUCCEEDS(hipStreamGetId)(stream, &id)) {
        OK(hipStreamGetId(other, &other_id));
        CHECK(id != other_id);
    }
    hipLaunchAttributeValue value{};
    value.syncPolicy = 3;
    if (SUCCEEDS(hipStreamSetAttribute)(stream, hipLaunchAttributeSynchronizationPolicy, &value)) {
        value.syncPolicy = 0;
        SUCCEEDS(hipStreamCopyAttributes)(other, stream);
        SUCCEEDS(hipStreamGetAttribute)(other, hipLaunchAttributeSynchronizationPolicy, &value);
        CHECK(value.syncPolicy == 3);
    }
}

void wait_and_query() {
    Ledger ledger;
    Blocker blocker;
    Stream stream;
    blocker.block(stream);
    ledger.append(stream);
    REFUSED(hipStreamQuery)(stream);
    EXPECT(hipErrorNotReady, hipStreamQuery(stream));
    CHECK(ledger.count() == 0);
    blocker.open();
    SUCCEEDS(hipStreamSynchronize)(stream);
    CHECK(ledger.complete());
    SUCCEEDS(hipStreamQuery)(stream);

    ledger.append(stream);
    SUCCEEDS(hipDeviceSynchronize)();
    CHECK(ledger.complete());
    ledger.append(stream);
    REFUSED(hipCtxSynchronize)(); // AMD's runtimes have it and do not implement it
    OK(hipDeviceSynchronize());
    CHECK(ledger.complete());
}

/* There the null stream means the thread's own. */
void per_thread_default_stream() {
    Ledger ledger;
    Blocker blocker;
    blocker.block(hipStreamPerThread);
    ledger.append(hipStreamPerThread);
    REFUSED(hipStreamQuery_spt)(nullptr);
    blocker.open();
    SUCCEEDS(hipStreamSynchronize_spt)(nullptr);
    CHECK(ledger.complete());
    SUCCEEDS(hipStreamQuery_spt)(nullptr);
}

void bad_arguments() {
    REFUSED(hipStreamCreate)(nullptr);
    REFUSED(hipStreamCreateWithFlags)(nullptr, 0);
    REFUSED(hipStreamCreateWithPriority)(nullptr, 0, 0);
    REFUSED(hipExtStreamCreateWithCUMask)(nullptr, 0, nullptr);
    REFUSED(hipStreamDestroy)(nullptr);
}

} // namespace

int main() {
    RUN(create_ask_destroy);
    RUN(ask_for_more);
    RUN(wait_and_query);
    RUN(per_thread_default_stream);
    RUN(bad_arguments);
    return finish();
}
