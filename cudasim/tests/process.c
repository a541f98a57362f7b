/* Threads, fork, exec, loading at run time. */
#define _GNU_SOURCE
#include "test.h"
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* CUDASIM_UNITS, see run.sh. */
enum { UNITS = 2 };

static CUcontext context;
static CUdeviceptr shared;

static int threads_of_this_process(void) {
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    int threads = -1;
    CHECK(status != NULL);
    while (fgets(line, sizeof line, status) != NULL)
        if (sscanf(line, "Threads: %d", &threads) == 1)
            break;
    fclose(status);
    return threads;
}

static void *use(void *argument) {
    (void)argument;
    OK(cuCtxSetCurrent(context));
    CUstream stream = new_stream(CU_STREAM_DEFAULT);
    CUdeviceptr memory = device_int();
    OK(stamp(memory, 0, 1, stream));
    OK(stamp(memory, 1, 2, stream));
    OK(cuCtxSynchronize());
    OK(stamp(memory, 2, 3, CU_STREAM_PER_THREAD));
    OK(cuCtxSynchronize());
    OK(cuMemFree(memory));
    OK(cuMemsetD8Async(shared, 0, 4, NULL));
    OK(cuStreamDestroy(stream));
    return NULL;
}

/* At the same time, with streams that come and go. */
static void in_threads(void) {
    pthread_t threads[10];
    for (int i = 0; i < 10; i++)
        CHECK(pthread_create(&threads[i], NULL, use, NULL) == 0);
    for (int i = 0; i < 10; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

static void in_child(void (*body)(void)) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        body();
        exit(0);
    }
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void refused(void) {
    CUdeviceptr memory;
    RETURNS(CUDA_ERROR_NOT_INITIALIZED, cuInit(0));
    RETURNS(CUDA_ERROR_NOT_INITIALIZED, cuMemAlloc(&memory, 4));
    RETURNS(CUDA_ERROR_NOT_INITIALIZED, cuStreamSynchronize(NULL));
}

static void works(void) {
    begin();
    CUdeviceptr memory = device_int();
    OK(store(memory, 1, NULL));
    OK(cuCtxSynchronize());
    CHECK(value_at(memory) == 1);
}

static void load(void) {
    for (int i = 0; i < 100; i++) {
        void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
        CHECK(library != NULL);
        CHECK(dlsym(library, "cuMemAlloc_v2") != NULL);
        CHECK(dlsym(library, "cudasim_symbols") == NULL); /* only what is meant to be there */
        dlclose(library);
    }
}

int main(int argc, char **argv) {
    CHECK(argc > 0);
    if (argc == 1) {
        load();
        context = begin();
        shared = device_int();
        CHECK(threads_of_this_process() == 1); /* starting needs none */
        for (int i = 0; i < 100; i++)
            in_threads();
        CHECK(threads_of_this_process() == 1 + UNITS);
        in_child(refused);
        works();
        char *again[] = {argv[0], "again", NULL};
        execv(argv[0], again);
        return 1;
    }
    in_child(works); /* the parent has not used the driver */
    works();
    CHECK(cudasim_violations() == 0);
    return 0;
}
