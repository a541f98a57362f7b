/* Modules and every way to launch: layouts from PTX, arguments as they were at the call, codes. */
#include "test.h"
#include <string.h>

typedef struct {
    char tag;
    double number;
} pair; /* as .align 8 .b8 [16] */

static const char text[] =
    "/* all kinds of parameters */ .version 8.0\n.target sm_90\n.address_size 64\n"
    ".visible .entry many(\n"
    "    .param .u8 many_param_0, // a byte\n"
    "    .param .align 8 .b8 many_param_1[16],\n"
    "    .param .f32 many_param_2,\n"
    "    .param .u64 .ptr .global .align 4 many_param_3\n"
    ")\n.maxntid 128, 1, 1\n{ .reg .b32 %r<2>; ret; }\n"
    ".visible .entry nothing()\n{\n    ret;\n}\n"
    ".visible .func (.param .b32 result) helper(.param .b32 x) { ret; }\n"
    ".visible .entry _Z7mangledv\n{ ret; }\n";

static struct {
    char byte;
    pair both;
    float real;
    cudasim_launch launch;
} seen;

static int ran;

CUDASIM_KERNEL(many) {
    seen.byte = *(char *)launch->args[0];
    memcpy(&seen.both, launch->args[1], sizeof seen.both);
    seen.real = *(float *)launch->args[2];
    seen.launch = *launch;
    **(int **)launch->args[3] = 1;
}

CUDASIM_KERNEL(nothing) {
    (void)launch;
    ran++;
}

static void check_seen(int *done) {
    CHECK(seen.byte == 'b' && seen.both.tag == 't' && seen.both.number == 2.5 && seen.real == 0.5f);
    CHECK(*done == 1);
    *done = 0;
    memset(&seen, 0, sizeof seen);
}

static void launches(CUfunction many, CUstream stream, CUcontext context) {
    int *done;
    OK(cuMemAllocHost((void **)&done, sizeof *done));
    struct {
        char byte;
        pair both;
        float real;
        int *done;
    } all = {'b', {'t', 2.5}, 0.5f, done}, copy = all;
    void *params[] = {&copy.byte, &copy.both, &copy.real, &copy.done};

    /* The arguments are gone before the kernel starts. */
    atomic_int go = 0;
    OK(hold(&go, stream));
    OK(cuLaunchKernel(many, 2, 3, 4, 5, 6, 7, 8, stream, params, NULL));
    memset(&copy, 0xff, sizeof copy);
    memset(params, 0xff, sizeof params);
    atomic_store(&go, 1);
    OK(cuStreamSynchronize(stream));
    CHECK(seen.launch.grid[2] == 4 && seen.launch.block[0] == 5 && seen.launch.shared_bytes == 8);
    CHECK(seen.launch.stream == stream && seen.launch.context == context);
    check_seen(done);

    size_t bytes = sizeof all;
    void *extra[] = {CU_LAUNCH_PARAM_BUFFER_POINTER, &all, CU_LAUNCH_PARAM_BUFFER_SIZE, &bytes,
                     CU_LAUNCH_PARAM_END};
    OK(cuLaunchKernel(many, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, extra));
    OK(cuStreamSynchronize(NULL));
    CHECK(seen.launch.stream == NULL);
    check_seen(done);

    void *again[] = {&all.byte, &all.both, &all.real, &all.done};
    CUlaunchConfig config = {.gridDimX = 1,
                             .gridDimY = 1,
                             .gridDimZ = 1,
                             .blockDimX = 32,
                             .blockDimY = 1,
                             .blockDimZ = 1,
                             .hStream = stream};
    OK(cuLaunchKernelEx(&config, many, again, NULL));
    OK(cuStreamSynchronize(stream));
    CHECK(seen.launch.block[0] == 32);
    check_seen(done);
    OK(cuLaunchCooperativeKernel(many, 1, 1, 1, 1, 1, 1, 0, stream, again));
    OK(cuStreamSynchronize(stream));
    check_seen(done);

    RETURNS(CUDA_ERROR_INVALID_VALUE, cuLaunchKernel(many, 0, 1, 1, 1, 1, 1, 0, NULL, again, NULL));
    RETURNS(CUDA_ERROR_INVALID_VALUE,
            cuLaunchKernel(many, 1, 1, 1, 1025, 1, 1, 0, NULL, again, NULL));
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuLaunchKernel(many, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    RETURNS(CUDA_ERROR_INVALID_HANDLE, cuLaunchKernel(NULL, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    OK(cuMemFreeHost(done));
}

static void information(CUfunction many) {
    const size_t offsets[] = {0, 8, 24, 32}, sizes[] = {1, 16, 4, 8};
    for (size_t i = 0; i < 4; i++) {
        size_t offset, bytes;
        OK(cuFuncGetParamInfo(many, i, &offset, &bytes));
        CHECK(offset == offsets[i] && bytes == sizes[i]);
    }
    size_t offset;
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuFuncGetParamInfo(many, 4, &offset, NULL));
    const char *name;
    OK(cuFuncGetName(&name, many));
    CHECK(strcmp(name, "many") == 0);
    int threads, blocks;
    OK(cuFuncGetAttribute(&threads, CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, many));
    CHECK(threads == 1024);
    OK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, many, threads, 0));
    CHECK(blocks == 2);
}

int main(void) {
    CUcontext context = begin();
    CUmodule module;
    CUfunction function;
    OK(cuModuleLoadData(&module, text));
    unsigned count;
    OK(cuModuleGetFunctionCount(&count, module));
    CHECK(count == 3);
    RETURNS(CUDA_ERROR_NOT_FOUND, cuModuleGetFunction(&function, module, "helper"));
    OK(cuModuleGetFunction(&function, module, "_Z7mangledv"));
    OK(cuModuleGetFunction(&function, module, "many"));
    information(function);
    launches(function, new_stream(CU_STREAM_NON_BLOCKING), context);
    CHECK(cudasim_violations() == 0);

    /* Libraries: their kernels are launched as functions. */
    CUlibrary library;
    CUkernel nothing;
    OK(cuLibraryLoadData(&library, text, NULL, NULL, 0, NULL, NULL, 0));
    OK(cuLibraryGetKernel(&nothing, library, "nothing"));
    OK(cuLaunchKernel((CUfunction)nothing, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    OK(cuKernelGetFunction(&function, nothing));
    OK(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    OK(cuCtxSynchronize());
    CHECK(ran == 2);
    OK(cuLibraryUnload(library));
    RETURNS(CUDA_ERROR_INVALID_HANDLE,
            cuLaunchKernel((CUfunction)nothing, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));

    /* A kernel that the program lacks is a violation when it runs; other images have all kernels. */
    OK(cuModuleGetFunction(&function, module, "_Z7mangledv"));
    OK(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    OK(cuCtxSynchronize());
    CHECK(cudasim_violations() == 1);
    static const char elf[] = "\177ELF";
    OK(cuModuleLoadData(&module, elf));
    OK(cuModuleGetFunction(&function, module, "whatever"));
    OK(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    OK(cuCtxSynchronize());
    CHECK(cudasim_violations() == 1);
    RETURNS(CUDA_ERROR_INVALID_PTX, cuModuleLoadData(&module, "no image"));
    RETURNS(CUDA_ERROR_FILE_NOT_FOUND, cuModuleLoad(&module, "/nonexistent"));
    OK(cuModuleUnload(module));
    RETURNS(CUDA_ERROR_INVALID_HANDLE, cuModuleUnload(module));
    return 0;
}
