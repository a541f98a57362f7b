/*
 * A program linked with a vendor's libraries that use its runtime or driver: calls one function of
 * theirs, by name and with a number as its second argument, and prints what it returns. Without
 * arguments it is only loaded.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    static char result[4096];
    if (argc < 3)
        return 0;
    int (*function)(void *, long, void *) = NULL;
    *(void **)&function = dlsym(RTLD_DEFAULT, argv[1]);
    if (!function)
        return 2;
    printf("%s returned %d\n", argv[1], function(result, atol(argv[2]), NULL));
    return 0;
}
