/*
 * Loads libraries and calls functions in the order its arguments say, and prints what each function
 * returned and which library it came from. It is linked with none of them.
 *
 *   local FILE     dlopen with RTLD_LOCAL; "handle" means this library from then on
 *   global FILE    the same with RTLD_GLOBAL
 *   close ""       dlclose of that library
 *   handle NAME    dlsym on the library, or dlvsym where NAME is name@node
 *   default NAME   dlsym(RTLD_DEFAULT)
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *library;

static void fail(const char *what, const char *argument) {
    fprintf(stderr, "%s %s: %s\n", what, argument, dlerror());
    exit(1);
}

static const char *file_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void *look_up(void *where, const char *argument) {
    char name[128];
    snprintf(name, sizeof name, "%s", argument);
    char *node = strchr(name, '@');
    if (!node)
        return dlsym(where, name);
    *node++ = '\0';
    return dlvsym(where, name, node);
}

typedef int function(long, long, long, long, long, long);

/* Arguments that do no harm: zeros, as many as there are registers for. */
static int call(void *address) {
    function *called;
    *(void **)&called = address;
    return called(0, 0, 0, 0, 0, 0);
}

static void find_and_call(void *where, const char *argument) {
    void *address = look_up(where, argument);
    Dl_info info;
    if (!address || !dladdr(address, &info))
        fail("no", argument);
    printf("%s of %s returned %d\n", argument, file_name(info.dli_fname), call(address));
}

int main(int argc, char **argv) {
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *verb = argv[i], *argument = argv[i + 1];
        if (strcmp(verb, "close") == 0) {
            if (dlclose(library) != 0)
                fail(verb, argument);
        } else if (strcmp(verb, "local") == 0 || strcmp(verb, "global") == 0) {
            library = dlopen(argument, RTLD_NOW | (*verb == 'l' ? RTLD_LOCAL : RTLD_GLOBAL));
            if (!library)
                fail(verb, argument);
        } else if (strcmp(verb, "handle") == 0) {
            find_and_call(library, argument);
        } else if (strcmp(verb, "default") == 0) {
            find_and_call(RTLD_DEFAULT, argument);
        } else {
            fprintf(stderr, "what is %s?\n", verb);
            return 2;
        }
    }
    return 0;
}
