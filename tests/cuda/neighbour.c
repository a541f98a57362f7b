/*
 * A library that hooks dlsym as others than libxsched do: profilers, and tools that watch what a program looks
 * up. It finds the next dlsym as they do, passes every look-up on, and counts those of the driver's names.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <string.h>

typedef void *look_up(void *, const char *);

static _Atomic long count;

__attribute__((visibility("default"))) long neighbour_count(void) {
    return atomic_load(&count);
}

/* The first is what the C library of a newer machine has, the other what older ones have. */
static look_up *next_dlsym(void) {
    look_up *found;
    *(void **)&found = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
    if (!found)
        *(void **)&found = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    return found;
}

__attribute__((visibility("default"))) void *dlsym(void *handle, const char *name) {
    static _Atomic(look_up *) next;
    look_up *known = atomic_load(&next);
    if (!known) {
        known = next_dlsym();
        atomic_store(&next, known);
    }
    if (strncmp(name, "cu", 2) == 0)
        atomic_fetch_add(&count, 1);
    return known(handle, name);
}
