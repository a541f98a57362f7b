/*
 * With CUDASIM_LOADING=lazy the first launch of a kernel waits for its context, whatever holds it,
 * as the loading of its code may.
 */
#include "test.h"
#include <pthread.h>

static CUcontext context;
static CUstream free_stream;
static CUdeviceptr memory;
static atomic_int go, entered, left;

static void *first_launch(void *argument) {
    (void)argument;
    OK(cuCtxSetCurrent(context));
    atomic_store(&entered, 1);
    OK(stamp(memory, 0, 1, free_stream));
    atomic_store(&left, 1);
    return NULL;
}

int main(void) {
    context = begin();
    CUmoduleLoadingMode mode;
    OK(cuModuleGetLoadingMode(&mode));
    CHECK(mode == CU_MODULE_LAZY_LOADING);
    CUstream held = new_stream(CU_STREAM_NON_BLOCKING), other = new_stream(CU_STREAM_NON_BLOCKING);
    free_stream = new_stream(CU_STREAM_NON_BLOCKING);
    memory = device_int();
    OK(store(memory, 1, other)); /* loaded: the next one waits for nobody */
    OK(cuStreamSynchronize(other));
    OK(hold(&go, held));

    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, first_launch, NULL) == 0);
    while (!atomic_load(&entered))
        ;
    for (int i = 0; i < 100; i++) {
        OK(store(memory, i, other));
        OK(cuStreamSynchronize(other));
    }
    CHECK(!atomic_load(&left));
    atomic_store(&go, 1);
    CHECK(pthread_join(thread, NULL) == 0);
    OK(cuCtxSynchronize());
    CHECK(cudasim_violations() == 0);
    return 0;
}
