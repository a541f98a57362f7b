/*
 * What a program may ask of cudasim beyond the CUDA driver API: kernels that are host functions,
 * how they occupy the device and touch its memory, what was violated, and faults. A real driver has
 * none of this: the functions declared weak are NULL there, so one program runs on both. See
 * cudasim/README.md. C11 and C++17. SPDX-License-Identifier: Apache-2.0
 */
#ifndef CUDASIM_H
#define CUDASIM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- kernels ---------------------------------------------------------------------------------- */

/* One launch, as its kernel's host function sees it. */
typedef struct cudasim_launch {
    uint32_t grid[3];  /* in blocks */
    uint32_t block[3]; /* in threads */
    uint32_t shared_bytes;
    int32_t device;
    void *context; /* CUcontext */
    void *stream;  /* CUstream; NULL for the legacy default stream */
    void **args;   /* args[i]: the i-th parameter as it was when the launch returned */
} cudasim_launch;

/*
 * Defines the host function of the PTX entry NAME: called once per launch, on an execution unit of
 * the device, never by the launching thread. No CUDA call from in here. The program exports it
 * (-rdynamic), so that cudasim finds it.
 */
#ifdef __cplusplus
#define CUDASIM_KERNEL(name) extern "C" void cudasim_kernel_##name(const cudasim_launch *launch)
#else
#define CUDASIM_KERNEL(name)                                                                       \
    void cudasim_kernel_##name(const cudasim_launch *launch);                                      \
    void cudasim_kernel_##name(const cudasim_launch *launch)
#endif

#define CUDASIM_API extern __attribute__((weak))

/* For kernels: occupies the execution unit for so long; CUDASIM_TIME says how. */
CUDASIM_API void cudasim_occupy_ns(uint64_t ns);

/* For kernels: says that one reads or writes these bytes; a violation unless it may. */
CUDASIM_API void cudasim_access(const void *memory, size_t bytes, int write);

/*
 * For kernels: replaces the stamp of the allocation that this address is in. A violation unless the
 * stamp was `expected`: so one operation too many, too few or out of order is found. A new
 * allocation has 0.
 */
CUDASIM_API void cudasim_stamp(const void *memory, uint64_t expected, uint64_t next);

/* --- for test programs ------------------------------------------------------------------------ */

/* How many different things were wrong so far; each was also printed to stderr once. */
CUDASIM_API uint64_t cudasim_violations(void);

/* The last of them, "" if none; valid until the calling thread asks again. */
CUDASIM_API const char *cudasim_last_violation(void);

/* Makes the named function return `code` after `after` more calls, until called with code 0. */
CUDASIM_API void cudasim_fault(const char *function, int code, unsigned after);

/*
 * Makes the named kernel fail on the device once, after `after` more runs: its context is then in
 * this error (700, an illegal address, for example) until it is destroyed or reset.
 */
CUDASIM_API void cudasim_trap(const char *kernel, int code, unsigned after);

/* Commands that were put into streams, and those of them that completed. */
CUDASIM_API void cudasim_commands(uint64_t *launched, uint64_t *completed);

/* How often the named symbol was called. */
CUDASIM_API uint64_t cudasim_calls(const char *function);

/* How often a thread was blocked inside the driver because a stream's backlog was full. */
CUDASIM_API uint64_t cudasim_blocked(void);

#ifdef __cplusplus
}
#endif

#endif
