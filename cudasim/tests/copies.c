/* Copies and memsets in all dimensions, of arrays, in batches. */
#include "test.h"
#include <string.h>

static CUstream stream;

enum { WIDTH = 5, HEIGHT = 4, DEPTH = 3 };

static void pitched(void) {
    char input[DEPTH][HEIGHT][WIDTH], output[DEPTH][HEIGHT][WIDTH];
    for (size_t i = 0; i < sizeof input; i++)
        ((char *)input)[i] = (char)(i + 1);
    memset(output, 0, sizeof output);
    CUdeviceptr rows;
    size_t pitch;
    OK(cuMemAllocPitch(&rows, &pitch, WIDTH, HEIGHT * DEPTH, 4));
    CUDA_MEMCPY3D there = {.srcMemoryType = CU_MEMORYTYPE_HOST,
                           .srcHost = input,
                           .srcPitch = WIDTH,
                           .srcHeight = HEIGHT,
                           .dstMemoryType = CU_MEMORYTYPE_DEVICE,
                           .dstDevice = rows,
                           .dstPitch = pitch,
                           .dstHeight = HEIGHT,
                           .WidthInBytes = WIDTH,
                           .Height = HEIGHT,
                           .Depth = DEPTH};
    OK(cuMemcpy3D(&there));
    OK(cuMemsetD2D8(rows + pitch, pitch, 9, 2, 1));
    OK(cuStreamSynchronize(NULL)); /* the host does not wait for a memset */
    CUDA_MEMCPY2D back = {.srcMemoryType = CU_MEMORYTYPE_UNIFIED,
                          .srcDevice = rows,
                          .srcPitch = pitch,
                          .dstMemoryType = CU_MEMORYTYPE_HOST,
                          .dstHost = output,
                          .dstPitch = WIDTH,
                          .WidthInBytes = WIDTH,
                          .Height = (size_t)HEIGHT * DEPTH};
    OK(cuMemcpy2DAsync(&back, stream));
    OK(cuStreamSynchronize(stream));
    CHECK(output[0][1][0] == 9 && output[0][1][1] == 9 && output[0][1][2] == input[0][1][2]);
    CHECK(memcmp(output[1], input[1], sizeof input - sizeof input[0]) == 0);
    back.srcPitch = 1;
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuMemcpy2D(&back));
    OK(cuMemsetD16(rows, 0x1234, 2));
    OK(cuMemsetD32Async(rows + 4, 0x12345678, 1, NULL));
    uint32_t words[2];
    OK(cuMemcpy((CUdeviceptr)words, rows, sizeof words));
    CHECK(words[0] == 0x12341234 && words[1] == 0x12345678);
    OK(cuMemFree(rows));
}

static void arrays(void) {
    char input[HEIGHT][8], output[HEIGHT][8], row[4];
    for (size_t i = 0; i < sizeof input; i++)
        ((char *)input)[i] = (char)(i + 1);
    const CUDA_ARRAY_DESCRIPTOR words = {
        .Width = 2, .Height = HEIGHT, .Format = CU_AD_FORMAT_FLOAT, .NumChannels = 1};
    CUarray array;
    OK(cuArrayCreate(&array, &words));
    CUDA_MEMCPY2D copy = {.srcMemoryType = CU_MEMORYTYPE_HOST,
                          .srcHost = input,
                          .srcPitch = 8,
                          .dstMemoryType = CU_MEMORYTYPE_ARRAY,
                          .dstArray = array,
                          .WidthInBytes = 8,
                          .Height = HEIGHT};
    OK(cuMemcpy2D(&copy));
    OK(cuMemcpyHtoA(array, 4, "abcd", 4));
    copy = (CUDA_MEMCPY2D){.srcMemoryType = CU_MEMORYTYPE_ARRAY,
                           .srcArray = array,
                           .dstMemoryType = CU_MEMORYTYPE_HOST,
                           .dstHost = output,
                           .dstPitch = 8,
                           .WidthInBytes = 8,
                           .Height = HEIGHT};
    OK(cuMemcpy2D(&copy));
    CHECK(memcmp(output[0] + 4, "abcd", 4) == 0);
    CHECK(memcmp(output[1], input[1], sizeof input - sizeof input[0]) == 0);
    OK(cuMemcpyAtoHAsync(row, array, 0, 4, stream));
    OK(cuStreamSynchronize(stream));
    CHECK(memcmp(row, input[0], 4) == 0);
    OK(cuArrayDestroy(array));
    RETURNS(CUDA_ERROR_INVALID_HANDLE, cuArrayDestroy(array));
}

static void batches(void) {
    CUdeviceptr memory;
    OK(cuMemAlloc(&memory, 8));
    int values[] = {5, 6}, back[2] = {0, 0};
    CUdeviceptr to[] = {memory, memory + 4},
                from[] = {(CUdeviceptr)&values[0], (CUdeviceptr)&values[1]};
    size_t sizes[] = {4, 4};
    CUmemcpyAttributes attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.srcAccessOrder = CU_MEMCPY_SRC_ACCESS_ORDER_STREAM;
    size_t first = 0;
#if CUDA_VERSION >= 13000
    OK(cuMemcpyBatchAsync(to, from, sizes, 2, &attributes, &first, 1, stream));
#else
    size_t failed = 9;
    OK(cuMemcpyBatchAsync(to, from, sizes, 2, &attributes, &first, 1, &failed, stream));
    CUdeviceptr wrong[] = {memory, 0};
    RETURNS(CUDA_ERROR_INVALID_VALUE,
            cuMemcpyBatchAsync(wrong, from, sizes, 2, &attributes, &first, 1, &failed, stream));
    CHECK(failed == 1);
#endif
    OK(cuMemcpyDtoHAsync(back, memory, sizeof back, stream));
    OK(cuStreamSynchronize(stream));
    CHECK(back[0] == 5 && back[1] == 6);
    OK(cuMemFree(memory));
}

int main(void) {
    begin();
    stream = new_stream(CU_STREAM_NON_BLOCKING);
    pitched();
    arrays();
    batches();
    CHECK(cudasim_violations() == 0);
    return 0;
}
