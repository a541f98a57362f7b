/*
 * What a test program may ask of hipsim beyond the HIP API: kernels that are host functions, how
 * they occupy the device and touch its memory, what was violated, and faults. Real runtimes have
 * none of this; see hipsim/README.md. C11 and C++17. SPDX-License-Identifier: Apache-2.0
 */
#ifndef HIPSIM_H
#define HIPSIM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define HIPSIM_ALIGNOF(type) alignof(type)
#else
#define HIPSIM_ALIGNOF(type) _Alignof(type)
#endif

/* --- images: what a compiler would have produced ---------------------------------------------- */

/* Where and how a kernel body runs. */
typedef struct hipsim_launch {
    uint32_t grid[3];  /* in blocks */
    uint32_t block[3]; /* in threads */
    uint32_t shared_bytes;
    int32_t device;
    void *stream; /* the stream's handle; NULL for the null stream */
} hipsim_launch;

/*
 * A kernel: called once per launch, on an execution unit of the device, never by the launching
 * thread.
 * args[i] points to the i-th argument as it was when the launch returned. No HIP call from in here.
 */
typedef void (*hipsim_body)(void **args, const hipsim_launch *launch);

typedef struct hipsim_argument {
    uint32_t bytes;
    uint32_t align;
} hipsim_argument;

#define HIPSIM_ARGUMENT(type)                                                                      \
    { sizeof(type), HIPSIM_ALIGNOF(type) }

typedef struct hipsim_kernel {
    const char *name; /* the device name, as in hipModuleGetFunction */
    hipsim_body body; /* NULL: does nothing */
    uint32_t argument_count;
    const hipsim_argument *arguments;
} hipsim_kernel;

/* A global variable of the module; zero when loaded. */
typedef struct hipsim_variable {
    const char *name;
    size_t bytes;
} hipsim_variable;

#define HIPSIM_MAGIC UINT64_C(0x314d495350494821)

/* Must live as long as the module that was loaded from it. */
typedef struct hipsim_image {
    uint64_t magic; /* HIPSIM_MAGIC */
    uint32_t kernel_count;
    uint32_t variable_count;
    const hipsim_kernel *kernels;
    const hipsim_variable *variables;
} hipsim_image;

/* What __hipRegisterFatBinary is given; binary points to a hipsim_image. */
typedef struct hipsim_fat_binary {
    uint32_t magic; /* HIPSIM_FAT_MAGIC */
    uint32_t version;
    const void *binary;
    void *unused;
} hipsim_fat_binary;

#define HIPSIM_FAT_MAGIC 0x48495046u

/* --- for kernel bodies ------------------------------------------------------------------------ */

/* Occupies the execution unit for so long: spinning, sleeping, or both (default); HIPSIM_TIME. */
void hipsim_occupy_us(uint64_t us);

/* Says that the kernel reads or writes these bytes; a violation unless they may be. */
void hipsim_access(const void *memory, size_t bytes, int write);

/*
 * Replaces the stamp of the allocation that this address is in. A violation unless the stamp was
 * `expected`: so one operation too many, too few or out of order is found. A new allocation has 0.
 */
void hipsim_stamp(const void *memory, uint64_t expected, uint64_t next);

/* --- for test programs ------------------------------------------------------------------------ */

/* How many different things were wrong so far; each was also printed to stderr once. */
uint64_t hipsim_violations(void);

/* The last of them, "" if none; valid until the calling thread asks again. */
const char *hipsim_last_violation(void);

/* Makes the named function return `code` after `after` more calls, until called with code 0. */
void hipsim_fault(const char *function, int code, unsigned after);

/* Commands that were put into streams, and those of them that completed. */
void hipsim_commands(uint64_t *launched, uint64_t *completed);

/* How often the named function was called, by the application or by the runtime itself. */
uint64_t hipsim_calls(const char *function);

#ifdef __cplusplus
}
#endif

#endif
