/* Waits for values and writes of them, under every setting of CUDASIM_WAIT_VALUE. */
#include "test.h"
#include <string.h>
#include <sys/mman.h>

enum { STREAMS = 40 };

static CUstream streams[STREAMS];
static volatile uint32_t *word;
static CUdeviceptr address, memory;

/* The caller's own pages, as a gate word of another process would be. */
static void map_word(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuMemHostGetDevicePointer(&address, page, 0));
    OK(cuMemHostRegister(page, 4096, CU_MEMHOSTREGISTER_PORTABLE | CU_MEMHOSTREGISTER_DEVICEMAP));
    RETURNS(CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED, cuMemHostRegister(page, 4096, 0));
    OK(cuMemHostGetDevicePointer(&address, page, 0));
    word = page;
}

static void conditions(void) {
    CUstream stream = streams[1];
    static uint32_t elsewhere;
    RETURNS(CUDA_ERROR_INVALID_VALUE,
            cuStreamWaitValue32(stream, (CUdeviceptr)&elsewhere, 0, CU_STREAM_WAIT_VALUE_GEQ));
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuStreamWaitValue32(stream, address, 0, 4));
    const uint64_t wide = UINT64_C(0x500000001);
    OK(cuStreamWriteValue64(stream, address + 8, wide, CU_STREAM_WRITE_VALUE_DEFAULT));
    OK(cuStreamWaitValue64(stream, address + 8, wide, CU_STREAM_WAIT_VALUE_EQ));
    OK(cuStreamWaitValue64(stream, address + 8, UINT64_C(0x400000000), CU_STREAM_WAIT_VALUE_AND));
    OK(cuStreamWaitValue64(stream, address + 8, wide, CU_STREAM_WAIT_VALUE_NOR));
    OK(cuStreamWriteValue32(stream, memory, 7, CU_STREAM_WRITE_VALUE_NO_MEMORY_BARRIER));
    OK(cuStreamWaitValue32(stream, memory, 7,
                           CU_STREAM_WAIT_VALUE_EQ | CU_STREAM_WAIT_VALUE_FLUSH));
    /* "At least" is cyclic: 3 comes after -2. */
    OK(cuStreamWriteValue32(stream, memory, 3, 0));
    OK(cuStreamWaitValue32(stream, memory, UINT32_MAX - 1, CU_STREAM_WAIT_VALUE_GEQ));
    OK(cuStreamSynchronize(stream));
    CHECK(value_at(memory) == 3);
    OK(cuStreamWaitValue32(stream, memory, 4, CU_STREAM_WAIT_VALUE_GEQ));
    RETURNS(CUDA_ERROR_NOT_READY, cuStreamQuery(stream));
    OK(cuStreamWriteValue32(streams[2], memory, 4, 0));
    OK(cuStreamSynchronize(stream));
}

static void batch(void) {
    CUstreamBatchMemOpParams ops[3];
    memset(ops, 0, sizeof ops);
    ops[0].waitValue.operation = CU_STREAM_MEM_OP_WAIT_VALUE_32;
    ops[0].waitValue.address = address;
    ops[0].waitValue.value = 9;
    ops[0].waitValue.flags = CU_STREAM_WAIT_VALUE_EQ;
    ops[1].writeValue.operation = CU_STREAM_MEM_OP_WRITE_VALUE_64;
    ops[1].writeValue.address = address + 8;
    ops[1].writeValue.value64 = UINT64_C(1) << 40;
    ops[2].writeValue.operation = CU_STREAM_MEM_OP_WRITE_VALUE_32;
    ops[2].writeValue.address = memory;
    ops[2].writeValue.value = 11;
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuStreamBatchMemOp(streams[1], 0, ops, 0));
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuStreamBatchMemOp(streams[1], 257, ops, 0));
    OK(cuStreamBatchMemOp(streams[1], 3, ops, 0));
    RETURNS(CUDA_ERROR_NOT_READY, cuStreamQuery(streams[1]));
    *word = 9;
    OK(cuStreamSynchronize(streams[1]));
    CHECK(value_at(memory) == 11 && *(volatile uint64_t *)(word + 2) == UINT64_C(1) << 40);
}

int main(void) {
    begin();
    const char *mode = getenv("CUDASIM_WAIT_VALUE");
    int supported = -1;
    OK(cuDeviceGetAttribute(&supported, CU_DEVICE_ATTRIBUTE_CAN_USE_64_BIT_STREAM_MEM_OPS, 0));
    CHECK(supported == (strcmp(mode, "unsupported") != 0));
    for (int i = 0; i < STREAMS; i++)
        streams[i] = new_stream(CU_STREAM_NON_BLOCKING);
    map_word();
    memory = device_int();
    if (!supported) {
        RETURNS(CUDA_ERROR_NOT_SUPPORTED, cuStreamWaitValue32(streams[0], address, 1, 0));
        RETURNS(CUDA_ERROR_NOT_SUPPORTED, cuStreamWriteValue32(streams[0], address, 1, 0));
        return 0;
    }
    OK(cuStreamWaitValue32(streams[0], address, 1, CU_STREAM_WAIT_VALUE_GEQ));
    OK(store(memory, 1, streams[0]));
    if (strcmp(mode, "ignored") == 0) {
        OK(cuStreamSynchronize(streams[0]));
        CHECK(value_at(memory) == 1);
        return 0;
    }
    if (strcmp(mode, "shared") == 0) { /* the fourth behind it shares its hardware queue */
        OK(store(memory, 2, streams[4]));
        OK(store(memory, 3, streams[5]));
        OK(cuStreamSynchronize(streams[5]));
        RETURNS(CUDA_ERROR_NOT_READY, cuStreamQuery(streams[4]));
    } else { /* nobody else is held */
        for (int i = 1; i < STREAMS; i++) {
            OK(store(memory, i + 1, streams[i]));
            OK(cuStreamSynchronize(streams[i]));
            CHECK(value_at(memory) == i + 1);
        }
    }
    RETURNS(CUDA_ERROR_NOT_READY, cuStreamQuery(streams[0]));
    *word = 1; /* a plain store releases it */
    if (strcmp(mode, "never") == 0) {
        OK(store(memory, 5, streams[1]));
        OK(cuStreamSynchronize(streams[1]));
        RETURNS(CUDA_ERROR_NOT_READY, cuStreamQuery(streams[0]));
        return 0; /* and the process ends all the same */
    }
    OK(cuStreamSynchronize(streams[0]));
    OK(cuCtxSynchronize());
    conditions();
    batch();
    CHECK(cudasim_violations() == 0 && cudasim_blocked() == 0);
    return 0;
}
