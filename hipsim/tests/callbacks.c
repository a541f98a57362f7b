/* Host functions and callbacks run in the order of their stream, on a thread of the runtime. */
#include "test.h"
#include <pthread.h>

static int calls;
static pthread_t thread;
static atomic_int go;

static void next(void *expected) {
    if (calls == *(int *)expected)
        calls++;
    thread = pthread_self();
}

static void callback(hipStream_t stream, hipError_t status, void *expected) {
    if (stream != NULL && status == hipSuccess)
        next(expected);
}

static void let_go(void *flag) {
    atomic_store((atomic_int *)flag, 1);
}

int main(void) {
    hipStream_t stream, other;
    OK(hipStreamCreateWithFlags(&stream, hipStreamNonBlocking));
    OK(hipStreamCreateWithFlags(&other, hipStreamNonBlocking));
    int numbers[] = {0, 1, 2};
    int *memory = device_int();
    OK(stamp(memory, 0, 1, stream));
    OK(hipStreamAddCallback(stream, callback, &numbers[0], 0));
    OK(stamp(memory, 1, 2, stream));
    OK(hipStreamAddCallback(stream, callback, &numbers[1], 0));
    OK(hipStreamSynchronize(stream));
    CHECK(calls == 2);
    CHECK(!pthread_equal(thread, pthread_self()));
    RETURNS(hipErrorInvalidValue, hipStreamAddCallback(stream, NULL, NULL, 0));

    if (hipLaunchHostFunc == NULL)
        return 0; /* came with 5.3 */
    /* It occupies no unit: with both taken by kernels that wait for it, it still runs. */
    hipStream_t third;
    OK(hipStreamCreateWithFlags(&third, hipStreamNonBlocking));
    OK(hold(&go, other));
    OK(hold(&go, third));
    OK(hipLaunchHostFunc(stream, next, &numbers[2]));
    OK(hipLaunchHostFunc(stream, let_go, &go));
    OK(hipStreamSynchronize(other));
    OK(hipStreamSynchronize(third));
    OK(hipStreamSynchronize(stream));
    CHECK(calls == 3);
    CHECK(hipsim_violations() == 0);
    return 0;
}
