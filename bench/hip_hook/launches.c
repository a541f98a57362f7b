/*
 * Launches an empty kernel as fast as it can, and prints nanoseconds of processor time per launch.
 *
 *   launches COUNT null|created THREADS admitted|unscheduled
 *
 * Each thread makes COUNT launches into the null stream, or into a stream of its own. The last argument
 * is what must have become of them: a hook that is not there costs nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <hip/hip_runtime_api.h>
#include <hipsim.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <xsched.h>

enum { WARM_UP = 1000, MOST_THREADS = 16 };

static const hipsim_kernel kernel = {"empty", NULL, 0, NULL};
static const hipsim_image image = {HIPSIM_MAGIC, 1, 0, &kernel, NULL};
static const hipsim_fat_binary binary = {HIPSIM_FAT_MAGIC, 1, &image, NULL};

static void expect(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "launches: %s\n", what);
        exit(1);
    }
}

static inline void launch(hipStream_t stream) {
    const dim3 one = {1, 1, 1};
    if (hipLaunchKernel(&kernel, one, one, NULL, 0, stream) != hipSuccess) {
        expect(0, "hipLaunchKernel failed");
    }
}

/* Two loops, so that an instruction counter can tell them apart. */
__attribute__((noinline)) static void warm_up(hipStream_t stream) {
    for (long i = 0; i < WARM_UP; i++) {
        launch(stream);
    }
}

__attribute__((noinline)) static void launch_loop(long count, hipStream_t stream) {
    for (long i = 0; i < count; i++) {
        launch(stream);
    }
}

/* The thread's own processor time: other programs do not count. */
static double now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

typedef struct {
    pthread_t thread;
    int index;
    long count;
    hipStream_t stream;
    double ns;
} Load;

static pthread_barrier_t start;

/* A processor each: left alone, the system may run two short threads in turns on one. */
static void pin(int index) {
    cpu_set_t processor;
    CPU_ZERO(&processor);
    CPU_SET(index % sysconf(_SC_NPROCESSORS_ONLN), &processor);
    expect(sched_setaffinity(0, sizeof processor, &processor) == 0, "sched_setaffinity failed");
}

static void *run(void *argument) {
    Load *load = argument;
    pin(load->index);
    warm_up(load->stream);
    pthread_barrier_wait(&start);
    const double begin = now_ns();
    launch_loop(load->count, load->stream);
    load->ns = now_ns() - begin;
    return NULL;
}

/* Launches that passed the admission point; 0 where there is none. */
static int64_t admitted(void) {
    XResult (*get)(XSchedHookStats *) = NULL;
    void *found = dlsym(RTLD_DEFAULT, "XSchedGetHookStats");
    memcpy(&get, &found, sizeof found);
    XSchedHookStats stats = {0};
    expect(get == NULL || get(&stats) == kXSchedSuccess, "XSchedGetHookStats failed");
    return stats.admitted;
}

int main(int argc, char **argv) {
    expect(argc == 5, "launches COUNT null|created THREADS admitted|unscheduled");
    const long count = atol(argv[1]);
    const int threads = atoi(argv[3]);
    expect(0 < threads && threads <= MOST_THREADS, "too many threads, or none");

    char name[] = "empty";
    void **module = __hipRegisterFatBinary(&binary);
    __hipRegisterFunction(module, &kernel, name, name, ~0u, NULL, NULL, NULL, NULL, NULL);

    Load loads[MOST_THREADS] = {0};
    pthread_barrier_init(&start, NULL, (unsigned)threads);
    for (int i = 0; i < threads; i++) {
        loads[i].index = i;
        loads[i].count = count;
        if (strcmp(argv[2], "created") == 0) {
            expect(hipStreamCreateWithFlags(&loads[i].stream, hipStreamNonBlocking) == hipSuccess,
                   "hipStreamCreateWithFlags failed");
        }
        pthread_create(&loads[i].thread, NULL, run, &loads[i]);
    }
    double ns = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(loads[i].thread, NULL);
        ns += loads[i].ns;
    }
    printf("%.2f\n", ns / (double)count / threads);

    if (strcmp(argv[4], "admitted") == 0) {
        expect(admitted() >= count * threads,
               "launches were not admitted: are the hooks in front?");
    } else {
        expect(admitted() == 0, "launches were admitted: is a queue on the stream?");
    }
    return 0;
}
