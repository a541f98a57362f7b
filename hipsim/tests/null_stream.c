/* The null stream and blocking streams wait for each other, non-blocking ones do not. */
#include "test.h"
#include <pthread.h>

static atomic_int go;
static int *first;
static int *second;

/* Whether what was launched before this could have run: a free unit takes it before this. */
static int has_run(const int *where, hipStream_t other) {
    static int *last;
    if (last == NULL)
        last = device_int();
    OK(store(last, 1, other));
    OK(hipStreamSynchronize(other));
    return *where;
}

static void *per_thread(void *argument) {
    (void)argument;
    /* Held by the null stream of the main thread's making. */
    OK(store(second, 3, hipStreamPerThread));
    RETURNS(hipErrorNotReady, hipStreamQuery(hipStreamPerThread));
    return NULL;
}

int main(void) {
    hipStream_t blocking, free_stream, other;
    OK(hipStreamCreate(&blocking));
    OK(hipStreamCreateWithFlags(&free_stream, hipStreamNonBlocking));
    OK(hipStreamCreateWithFlags(&other, hipStreamNonBlocking));
    first = device_int();
    second = device_int();

    /* Null behind blocking, non-blocking behind nobody. */
    OK(hold(&go, blocking));
    OK(store(first, 1, NULL));
    OK(store(second, 1, free_stream));
    CHECK(has_run(first, other) == 0);
    OK(hipStreamSynchronize(free_stream));
    CHECK(*second == 1);
    RETURNS(hipErrorNotReady, hipStreamQuery(NULL));
    RETURNS(hipErrorNotReady, hipStreamQuery(hipStreamLegacy));
    OK(hipStreamQuery(free_stream));
    atomic_store(&go, 1);
    OK(hipStreamSynchronize(NULL));
    CHECK(*first == 1);

    /* Blocking behind null. */
    atomic_store(&go, 0);
    OK(hold(&go, NULL));
    OK(store(first, 2, blocking));
    OK(store(second, 2, free_stream));
    CHECK(has_run(first, other) == 1);
    OK(hipStreamSynchronize(free_stream));
    CHECK(*second == 2);

    /* The per-thread stream is a blocking one, another in each thread. */
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, per_thread, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    OK(hipStreamQuery(hipStreamPerThread));
    CHECK(has_run(second, other) == 2);
    atomic_store(&go, 1);

    /* Everything, that of the ended thread too. */
    OK(hipDeviceSynchronize());
    CHECK(*first == 2);
    CHECK(*second == 3);

    /* _spt: no stream means the thread's own. */
    atomic_store(&go, 0);
    OK(hold(&go, NULL));
    RETURNS(hipErrorNotReady, hipStreamQuery(NULL));
    OK(hipStreamQuery_spt(NULL));
    OK(hipStreamSynchronize_spt(NULL));
    atomic_store(&go, 1);
    OK(hipStreamSynchronize(NULL));

    RETURNS(hipErrorInvalidHandle, hipStreamDestroy(NULL));
    RETURNS(hipErrorInvalidHandle, hipStreamDestroy(hipStreamPerThread));
    OK(hipStreamDestroy(blocking));
    RETURNS(709, hipStreamSynchronize(blocking));
    RETURNS(709, hipStreamDestroy(blocking));
    CHECK(hipsim_violations() == 0);
    return 0;
}
