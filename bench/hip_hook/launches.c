/*
 * Launches as fast as it can: `launches COUNT [null|stream]` prints nanoseconds per call. The first
 * thousand calls are not counted. SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    uint32_t x, y, z;
} dim3;

int hipStreamCreateWithFlags(void **stream, unsigned flags);
int hipLaunchKernel(const void *function, dim3 grid, dim3 block, void **args, size_t shared,
                    void *stream);

static double now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

__attribute__((noinline)) void launch_loop(long count, void *stream) {
    const dim3 one = {1, 1, 1};
    for (long i = 0; i < count; i++) {
        if (hipLaunchKernel(NULL, one, one, NULL, 0, stream) != 0) {
            exit(1);
        }
    }
}

int main(int argc, char **argv) {
    const long count = argc > 1 ? atol(argv[1]) : 10000000;
    void *stream = NULL;
    if (argc <= 2 || strcmp(argv[2], "null") != 0) {
        hipStreamCreateWithFlags(&stream, 1);
    }
    launch_loop(1000, stream);
    const double begin = now_ns();
    launch_loop(count, stream);
    printf("%.2f\n", (now_ns() - begin) / (double)count);
    return 0;
}
