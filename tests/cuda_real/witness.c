/*
 * A preload that hooks dlsym, as others than the interposer do. On its own it does no more than pass
 * look-ups on to the next dlsym, found as such libraries find it. It can also look on:
 *
 *   WITNESS_LOG=FILE   writes what was looked up and what the answer was, dlsym and cuGetProcAddress alike
 *   WITNESS_DEVICE=1   lets cuInit succeed and count one device: without, NVIDIA's runtime looks no further
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void *look_up(void *, const char *);
typedef int get_proc_address(const char *, void **, int, uint64_t, int *);

/* The first is what the C library of this machine has, the other what older ones have. */
static look_up *next_dlsym(void) {
    look_up *found;
    *(void **)&found = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
    if (!found)
        *(void **)&found = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    return found;
}

static void write_down(const char *question, void *answer) {
    Dl_info info = {0};
    const char *file = "", *symbol = "NULL";
    if (answer && dladdr(answer, &info) && info.dli_saddr == answer) {
        const char *slash = strrchr(info.dli_fname, '/');
        file = slash ? slash + 1 : info.dli_fname;
        symbol = info.dli_sname;
    }
    static int log = -1;
    if (log < 0)
        log = open(getenv("WITNESS_LOG"), O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (dprintf(log, "%s %s:%s\n", question, file, symbol) < 0)
        abort();
}

static int succeed(unsigned flags) {
    (void)flags;
    return 0;
}

static int count_one(int *count) {
    *count = 1;
    return 0;
}

static get_proc_address witnessed;
static get_proc_address *driver_s;

typedef void function(void);

/* ISO C has no conversion of a function's address to that of data; dlsym is made of it. */
static void *address_of(function *called) {
    void *address;
    memcpy(&address, &called, sizeof address);
    return address;
}

/* What the client gets in the place of an answer. */
static void *in_place_of(const char *name, void *answer) {
    if (!answer || !getenv("WITNESS_DEVICE"))
        return answer;
    if (strcmp(name, "cuInit") == 0)
        return address_of((function *)succeed);
    if (strcmp(name, "cuDeviceGetCount") == 0)
        return address_of((function *)count_one);
    return answer;
}

static void *in_place_of_get_proc_address(void *answer) {
    *(void **)&driver_s = answer;
    return address_of((function *)witnessed);
}

static int witnessed(const char *name, void **found, int version, uint64_t flags, int *status) {
    int code = driver_s(name, found, version, flags, status);
    char question[192];
    snprintf(question, sizeof question, "proc %s %d %u %d", *name ? name : "-", version,
             (unsigned)flags, code);
    write_down(question, code == 0 ? *found : NULL);
    if (code == 0 && *found)
        *found = strcmp(name, "cuGetProcAddress") == 0 && version >= 12000
                     ? in_place_of_get_proc_address(*found)
                     : in_place_of(name, *found);
    return code;
}

__attribute__((visibility("default"))) void *dlsym(void *handle, const char *name) {
    static look_up *next;
    if (!next)
        next = next_dlsym();
    void *answer = next(handle, name);
    if (!getenv("WITNESS_LOG") || strncmp(name, "cu", 2) != 0)
        return answer;
    char question[192];
    snprintf(question, sizeof question, "dlsym %s", name);
    write_down(question, answer);
    if (answer && strcmp(name, "cuGetProcAddress_v2") == 0)
        return in_place_of_get_proc_address(answer);
    return in_place_of(name, answer);
}
