/* A stream takes so many entries (CUDASIM_BACKLOG); then it holds the thread that brings more. */
#include "test.h"
#include <pthread.h>
#include <string.h>

static CUcontext context;
static CUstream held, other;
static CUdeviceptr memory;
static volatile uint32_t *word;
static atomic_int entered, left;

static void *one_more(void *argument) {
    (void)argument;
    OK(cuCtxSetCurrent(context));
    atomic_fetch_add(&entered, 1);
    OK(store(memory, 1, held));
    atomic_fetch_add(&left, 1);
    return NULL;
}

static void *ask(void *argument) {
    (void)argument;
    OK(cuCtxSetCurrent(context));
    atomic_fetch_add(&entered, 1);
    (void)cuStreamQuery(held);
    atomic_fetch_add(&left, 1);
    return NULL;
}

int main(void) {
    context = begin();
    held = new_stream(CU_STREAM_NON_BLOCKING);
    other = new_stream(CU_STREAM_NON_BLOCKING);
    memory = device_int();
    OK(cuMemHostAlloc((void **)&word, 16, CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP));

    /* A batch is one entry, whatever is in it, until all of it is done. */
    CUstreamBatchMemOpParams ops[2];
    memset(ops, 0, sizeof ops);
    ops[0].writeValue.operation = CU_STREAM_MEM_OP_WRITE_VALUE_32;
    ops[0].writeValue.address = memory;
    ops[1].waitValue.operation = CU_STREAM_MEM_OP_WAIT_VALUE_32;
    ops[1].waitValue.address = (CUdeviceptr)word;
    ops[1].waitValue.value = 1;
    OK(cuStreamBatchMemOp(held, 2, ops, 0));
    const int room = atoi(getenv("CUDASIM_BACKLOG")) - 1;
    for (int i = 0; i < room; i++)
        OK(store(memory, 0, held));
    CHECK(cudasim_blocked() == 0);

    /* One too many blocks its thread, and after it whoever has to do with this stream. */
    pthread_t launching, asking;
    CHECK(pthread_create(&launching, NULL, one_more, NULL) == 0);
    while (cudasim_blocked() == 0)
        ;
    CHECK(pthread_create(&asking, NULL, ask, NULL) == 0);
    while (atomic_load(&entered) < 2)
        ;
    for (int i = 0; i < 3 * room; i++) { /* another stream passes */
        OK(store(memory, 2, other));
        OK(cuStreamSynchronize(other));
    }
    CHECK(atomic_load(&left) == 0 && cudasim_blocked() == 1);
    *word = 1;
    CHECK(pthread_join(launching, NULL) == 0);
    CHECK(pthread_join(asking, NULL) == 0);
    OK(cuStreamSynchronize(held));
    CHECK(value_at(memory) == 1);

    /* Completed entries make room. */
    for (int i = 0; i < 10 * room; i++) {
        OK(store(memory, 3, held));
        OK(cuStreamSynchronize(held));
    }
    CHECK(cudasim_blocked() == 1 && cudasim_violations() == 0);
    return 0;
}
