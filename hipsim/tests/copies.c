/* Copies and memsets in two and three dimensions, of symbols and arrays. */
#include "test.h"
#include <string.h>

enum { WIDTH = 5, HEIGHT = 4, DEPTH = 3 };

static char input[DEPTH][HEIGHT][WIDTH];

static void fill_input(void) {
    for (size_t i = 0; i < sizeof input; i++)
        ((char *)input)[i] = (char)(i + 1);
}

static void two_dimensions(void) {
    char output[HEIGHT][WIDTH] = {{0}};
    char *rows;
    size_t pitch;
    OK(hipMallocPitch((void **)&rows, &pitch, WIDTH, HEIGHT));
    CHECK(pitch >= WIDTH);
    OK(hipMemcpy2D(rows, pitch, input, WIDTH, WIDTH, HEIGHT, hipMemcpyHostToDevice));
    OK(hipMemset2D(rows + pitch, pitch, 9, 2, 1));
    OK(hipMemcpy2D(output, WIDTH, rows, pitch, WIDTH, HEIGHT, hipMemcpyDeviceToHost));
    CHECK(output[1][0] == 9 && output[1][1] == 9 && output[1][2] == input[0][1][2]);
    CHECK(memcmp(output[3], input[0][3], WIDTH) == 0);
    RETURNS(hipErrorInvalidValue, hipMemcpy2D(rows, 1, input, 1, 2, 2, hipMemcpyHostToDevice));
    RETURNS(hipErrorInvalidMemcpyDirection, hipMemcpy(rows, input, 1, 5));
    OK(hipFree(rows));
}

static void three_dimensions(void) {
    char output[DEPTH][HEIGHT][WIDTH] = {{{0}}};
    hipPitchedPtr memory;
    const hipExtent extent = {WIDTH, HEIGHT, DEPTH};
    OK(hipMalloc3D(&memory, extent));
    hipMemcpy3DParms params = {.srcPtr = {input, WIDTH, WIDTH, HEIGHT},
                               .dstPtr = memory,
                               .extent = extent,
                               .kind = hipMemcpyHostToDevice};
    OK(hipMemcpy3D(&params));
    const hipExtent slice = {WIDTH, HEIGHT, 1};
    OK(hipMemset3DAsync(memory, 7, slice, NULL));
    params.srcPtr = memory;
    params.dstPtr = (hipPitchedPtr){output, WIDTH, WIDTH, HEIGHT};
    params.kind = hipMemcpyDeviceToHost;
    OK(hipMemcpy3DAsync(&params, NULL));
    OK(hipDeviceSynchronize());
    CHECK(output[0][3][4] == 7);
    CHECK(memcmp(output[1], input[1], sizeof input - sizeof input[0]) == 0);
    OK(hipFree(memory.ptr));
}

static void arrays(void) {
    char output[HEIGHT][WIDTH] = {{0}};
    hipArray_t array;
    const hipChannelFormatDesc byte = {8, 0, 0, 0, hipChannelFormatKindUnsigned};
    OK(hipMallocArray(&array, &byte, WIDTH, HEIGHT, 0));
    OK(hipMemcpy2DToArray(array, 0, 0, input, WIDTH, WIDTH, HEIGHT, hipMemcpyHostToDevice));
    OK(hipMemcpy2DFromArray(output, WIDTH, array, 0, 0, WIDTH, HEIGHT, hipMemcpyDeviceToHost));
    CHECK(memcmp(output, input, sizeof output) == 0);
    OK(hipFreeArray(array));
    RETURNS(hipErrorInvalidHandle, hipFreeArray(array));
}

static void symbols(void) {
    static int number; /* stands for the variable; its value is on the device */
    static const hipsim_fat_binary binary = {HIPSIM_FAT_MAGIC, 1, &test_image, NULL};
    void **module = __hipRegisterFatBinary(&binary);
    CHECK(module != NULL);
    char name[] = "number";
    __hipRegisterVar(module, &number, name, name, 0, sizeof number, 0, 0);
    const int value = 42;
    int back = 0;
    OK(hipMemcpyToSymbol(&number, &value, sizeof value, 0, hipMemcpyHostToDevice));
    OK(hipMemcpyFromSymbol(&back, &number, sizeof back, 0, hipMemcpyDeviceToHost));
    CHECK(back == 42 && number == 0);
    RETURNS(hipErrorInvalidValue,
            hipMemcpyToSymbol(&number, &value, sizeof value, 1, hipMemcpyHostToDevice));
    RETURNS(hipErrorInvalidSymbol,
            hipMemcpyToSymbol(&back, &value, sizeof value, 0, hipMemcpyHostToDevice));
    __hipUnregisterFatBinary(module);
}

int main(void) {
    fill_input();
    two_dimensions();
    three_dimensions();
    arrays();
    symbols();
    CHECK(hipsim_violations() == 0);
    return 0;
}
