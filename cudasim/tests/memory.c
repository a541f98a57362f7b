/* Allocation, registration, attributes; and what commands may not do to memory. */
#include "test.h"

static CUstream stream;

static void violates(uint64_t *count) {
    OK(cuStreamSynchronize(stream));
    *count += 1;
    CHECK(cudasim_violations() == *count);
}

static void violations(CUdeviceptr memory, char *host) {
    uint64_t count = 0;
    OK(cuMemcpyDtoHAsync(host, memory + 32, 33, stream));
    violates(&count);
    OK(store(memory + 62, 1, stream));
    violates(&count);
    int mine;
    OK(store((CUdeviceptr)&mine, 1, stream));
    violates(&count);

    /* Freed when the command comes to it, not when it was launched. */
    CUstream other = new_stream(CU_STREAM_NON_BLOCKING);
    CUdeviceptr pooled;
    OK(cuMemAllocAsync(&pooled, 64, stream));
    OK(cuMemsetD8Async(pooled, 1, 64, stream));
    OK(cuMemFreeAsync(pooled, stream));
    OK(cuStreamSynchronize(stream));
    CHECK(cudasim_violations() == count);
    OK(cuMemcpyDtoHAsync(host, pooled, 64, stream));
    violates(&count);

    /* Before the stream has come to the allocation. */
    atomic_int go = 0;
    OK(hold(&go, stream));
    OK(cuMemAllocAsync(&pooled, 64, stream));
    OK(cuMemsetD8Async(pooled, 1, 64, other));
    OK(cuStreamSynchronize(other));
    CHECK(cudasim_violations() == count + 1);
    atomic_store(&go, 1);
    violates(&count);

    /* cuMemFree waits for the context: what was launched before is fine, what comes after is not. */
    OK(cuMemsetD8Async(memory, 1, 64, stream));
    OK(cuMemFree(memory));
    CHECK(cudasim_violations() == count);
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuMemsetD8Async(memory, 1, 64, stream));
    OK(store(memory, 1, stream));
    violates(&count);
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuMemFree(memory));
    OK(cuMemFree(0));
}

static void attributes(CUdeviceptr memory, char *host, CUcontext context) {
    CUmemorytype type;
    OK(cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, memory + 1));
    CHECK(type == CU_MEMORYTYPE_DEVICE);
    OK(cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, (CUdeviceptr)host));
    CHECK(type == CU_MEMORYTYPE_HOST);
    CUcontext owner;
    OK(cuPointerGetAttribute(&owner, CU_POINTER_ATTRIBUTE_CONTEXT, memory));
    CHECK(owner == context);
    int ordinal = -1;
    CUdeviceptr start = 0;
    size_t bytes = 0;
    CUpointer_attribute asked[] = {CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL,
                                   CU_POINTER_ATTRIBUTE_RANGE_START_ADDR,
                                   CU_POINTER_ATTRIBUTE_RANGE_SIZE};
    void *answers[] = {&ordinal, &start, &bytes};
    OK(cuPointerGetAttributes(3, asked, answers, memory + 9));
    CHECK(ordinal == 0 && start == memory && bytes == 64);
    OK(cuPointerGetAttributes(3, asked, answers, (CUdeviceptr)&ordinal));
    CHECK(ordinal == -2 && start == 0);
    RETURNS(CUDA_ERROR_INVALID_VALUE,
            cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, (CUdeviceptr)&type));
    size_t free_bytes, total_bytes;
    OK(cuMemGetInfo(&free_bytes, &total_bytes));
    CHECK(free_bytes < total_bytes);
    CUdeviceptr too_much;
    RETURNS(CUDA_ERROR_OUT_OF_MEMORY, cuMemAlloc(&too_much, total_bytes));
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuMemAlloc(&too_much, 0));
    CUmemoryPool pool;
    OK(cuDeviceGetDefaultMemPool(&pool, 0));
    cuuint64_t threshold = 5, kept = 0;
    OK(cuMemPoolSetAttribute(pool, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &threshold));
    OK(cuMemPoolGetAttribute(pool, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &kept));
    CHECK(kept == 5);
}

int main(void) {
    CUcontext context = begin();
    stream = new_stream(CU_STREAM_NON_BLOCKING);
    CUdeviceptr memory;
    char *host;
    OK(cuMemAlloc(&memory, 64));
    OK(cuMemAllocHost((void **)&host, 64));
    char mine[64] = "mine";
    OK(cuMemcpyHtoDAsync(memory, mine, 64, stream));
    mine[0] = 'x'; /* the copy has it already */
    OK(cuMemcpyDtoHAsync(host, memory, 64, stream));
    OK(cuStreamSynchronize(stream));
    CHECK(host[0] == 'm');
    attributes(memory, host, context);
    CHECK(cudasim_violations() == 0);
    violations(memory, host);
    OK(cuMemFreeHost(host));
    RETURNS(CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED, cuMemHostUnregister(mine));
    return 0;
}
