/* What commands may not do to memory is found when they do it. */
#include "test.h"

static hipStream_t stream;

static void violates(uint64_t *count) {
    OK(hipStreamSynchronize(stream));
    *count += 1;
    CHECK(hipsim_violations() == *count);
}

int main(void) {
    uint64_t count = 0;
    OK(hipStreamCreateWithFlags(&stream, hipStreamNonBlocking));
    char *memory, *host;
    OK(hipMalloc((void **)&memory, 64));
    OK(hipHostMalloc((void **)&host, 64, hipHostMallocDefault));

    /* Inside everything is fine, ordinary host memory included where a copy may touch it. */
    char mine[64] = "mine";
    OK(hipMemcpyAsync(memory, mine, 64, hipMemcpyHostToDevice, stream));
    mine[0] = 'x'; /* the copy has it already */
    OK(hipMemcpyAsync(host, memory, 64, hipMemcpyDeviceToHost, stream));
    OK(hipStreamSynchronize(stream));
    CHECK(host[0] == 'm' && hipsim_violations() == 0);

    OK(hipMemcpyAsync(host, memory + 32, 33, hipMemcpyDeviceToHost, stream));
    violates(&count);
    OK(store((int *)(memory + 62), 1, stream));
    violates(&count);
    OK(store((int *)mine, 1, stream));
    violates(&count);

    /* Freed when the command comes to it, not when it was launched. */
    hipStream_t other;
    OK(hipStreamCreateWithFlags(&other, hipStreamNonBlocking));
    char *pooled;
    OK(hipMallocAsync((void **)&pooled, 64, stream));
    OK(hipMemsetAsync(pooled, 1, 64, stream));
    OK(hipFreeAsync(pooled, stream));
    OK(hipStreamSynchronize(stream));
    CHECK(hipsim_violations() == count);
    OK(hipMemcpyAsync(host, pooled, 64, hipMemcpyDeviceToHost, stream));
    violates(&count);

    /* Before the stream has come to the allocation. */
    atomic_int go = 0;
    OK(hold(&go, stream));
    OK(hipMallocAsync((void **)&pooled, 64, stream));
    OK(hipMemsetAsync(pooled, 1, 64, other));
    OK(hipStreamSynchronize(other));
    CHECK(hipsim_violations() == count + 1);
    atomic_store(&go, 1);
    violates(&count);

    /* hipFree waits for the device: what was launched before is fine, what comes after is not. */
    OK(hipMemsetAsync(memory, 1, 64, stream));
    OK(hipFree(memory));
    CHECK(hipsim_violations() == count);
    RETURNS(hipErrorInvalidValue, hipMemsetAsync(memory, 1, 64, stream));
    OK(store((int *)memory, 1, stream));
    violates(&count);
    RETURNS(hipErrorInvalidValue, hipFree(memory));
    OK(hipFree(NULL));

    hipPointerAttribute_t attributes;
    OK(hipPointerGetAttributes(&attributes, host + 1));
    CHECK(attributes.hostPointer == host + 1);
    size_t free_bytes, total_bytes;
    OK(hipMemGetInfo(&free_bytes, &total_bytes));
    CHECK(free_bytes < total_bytes);
    void *too_much;
    RETURNS(hipErrorOutOfMemory, hipMalloc(&too_much, total_bytes));
    return 0;
}
