/*
 * The legacy default stream and blocking streams of its context wait for each other, others do not;
 * and what 0 means in the functions with _ptsz.
 */
#include "test.h"
#include <pthread.h>

extern CUresult cuStreamQuery_ptsz(CUstream stream);
extern CUresult cuStreamSynchronize_ptsz(CUstream stream);
extern CUresult cuMemcpyHtoD_v2_ptds(CUdeviceptr to, const void *from, size_t bytes);

static atomic_int go;
static CUdeviceptr first, second;
static CUcontext context;

/* Whether what was launched before this could have run: a free unit takes it before this. */
static int has_run(CUdeviceptr where, CUstream other) {
    static CUdeviceptr last;
    if (last == 0)
        last = device_int();
    OK(store(last, 1, other));
    OK(cuStreamSynchronize(other));
    return value_at(where);
}

static void *per_thread(void *argument) {
    (void)argument;
    OK(cuCtxSetCurrent(context));
    /* Held by the legacy stream of the main thread's making. */
    OK(store(second, 3, CU_STREAM_PER_THREAD));
    RETURNS(CUDA_ERROR_NOT_READY, cuStreamQuery(CU_STREAM_PER_THREAD));
    return NULL;
}

int main(void) {
    context = begin();
    CUstream blocking = new_stream(CU_STREAM_DEFAULT);
    CUstream free_stream = new_stream(CU_STREAM_NON_BLOCKING);
    CUstream other = new_stream(CU_STREAM_NON_BLOCKING);
    first = device_int();
    second = device_int();

    /* Legacy behind blocking, non-blocking behind nobody. */
    OK(hold(&go, blocking));
    OK(store(first, 1, NULL));
    OK(store(second, 1, free_stream));
    CHECK(has_run(first, other) == 0);
    OK(cuStreamSynchronize(free_stream));
    CHECK(value_at(second) == 1);
    RETURNS(CUDA_ERROR_NOT_READY, cuStreamQuery(NULL));
    RETURNS(CUDA_ERROR_NOT_READY, cuStreamQuery(CU_STREAM_LEGACY));
    OK(cuStreamQuery(free_stream));
    atomic_store(&go, 1);
    OK(cuStreamSynchronize(NULL));
    CHECK(value_at(first) == 1);

    /* Blocking behind legacy. */
    atomic_store(&go, 0);
    OK(hold(&go, NULL));
    OK(store(first, 2, blocking));
    OK(store(second, 2, free_stream));
    CHECK(has_run(first, other) == 1);
    OK(cuStreamSynchronize(free_stream));
    CHECK(value_at(second) == 2);

    /* The per-thread stream is a blocking one, another in each thread. */
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, per_thread, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    OK(cuStreamQuery(CU_STREAM_PER_THREAD));
    CHECK(has_run(second, other) == 2);

    /* _ptsz: no stream means the thread's own; CU_STREAM_LEGACY keeps its meaning. */
    RETURNS(CUDA_ERROR_NOT_READY, cuStreamQuery(NULL));
    OK(cuStreamQuery_ptsz(NULL));
    OK(cuStreamSynchronize_ptsz(NULL));
    RETURNS(CUDA_ERROR_NOT_READY, cuStreamQuery_ptsz(CU_STREAM_LEGACY));
    atomic_store(&go, 1);

    /* Everything, that of the ended thread too. */
    OK(cuCtxSynchronize());
    CHECK(value_at(first) == 2 && value_at(second) == 3);
    const int four = 4;
    OK(cuMemcpyHtoD_v2_ptds(first, &four, sizeof four));
    CHECK(value_at(first) == 4);

    /* Another context's legacy stream is another stream. */
    unsigned long long id, other_id;
    OK(cuStreamGetId(NULL, &id));
    CUcontext elsewhere;
#if CUDA_VERSION >= 13000
    OK(cuCtxCreate(&elsewhere, NULL, 0, 0));
#else
    OK(cuCtxCreate(&elsewhere, 0, 0));
#endif
    OK(cuStreamGetId(NULL, &other_id));
    CHECK(id != other_id);
    OK(cuCtxDestroy(elsewhere));

    /* Destroying does not wait; the work is done all the same, and the legacy stream knows. */
    atomic_store(&go, 0);
    OK(hold(&go, blocking));
    OK(store(first, 5, blocking));
    OK(cuStreamDestroy(blocking));
    RETURNS(CUDA_ERROR_INVALID_HANDLE, cuStreamSynchronize(blocking));
    RETURNS(CUDA_ERROR_INVALID_HANDLE, cuStreamDestroy(NULL));
    RETURNS(CUDA_ERROR_INVALID_HANDLE, cuStreamDestroy(CU_STREAM_PER_THREAD));
    RETURNS(CUDA_ERROR_NOT_READY, cuStreamQuery(NULL));
    atomic_store(&go, 1);
    OK(cuStreamSynchronize(NULL));
    CHECK(value_at(first) == 5);

    int least, greatest, priority;
    OK(cuCtxGetStreamPriorityRange(&least, &greatest));
    CHECK(least == 0 && greatest == -5);
    CUstream urgent;
    OK(cuStreamCreateWithPriority(&urgent, CU_STREAM_NON_BLOCKING, -100));
    OK(cuStreamGetPriority(urgent, &priority));
    CHECK(priority == greatest);
    CHECK(cudasim_violations() == 0);
    return 0;
}
