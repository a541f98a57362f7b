/*
 * A program linked with AMD's libraries that use HIP: calls one function of theirs, by name, and
 * prints what it returns. Without an argument it is only loaded.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dlfcn.h>
#include <stdio.h>

/* For rocrand_rng_pseudo_xorwow and for ncclCommInitAll's number of devices alike: not zero. */
enum { PSEUDO_XORWOW = 401 };

int main(int argc, char **argv) {
    static char result[4096];
    if (argc < 2)
        return 0;
    int (*function)(void *, long, void *) = NULL;
    *(void **)&function = dlsym(RTLD_DEFAULT, argv[1]);
    if (!function)
        return 2;
    printf("%s returned %d\n", argv[1], function(result, PSEUDO_XORWOW, NULL));
    return 0;
}
