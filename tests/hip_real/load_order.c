/*
 * Loads libraries and calls functions in the order its arguments say, and prints what each function
 * returned and which library it came from. It is linked with none of them.
 *
 *   local FILE     dlopen with RTLD_LOCAL; "handle" means this library from then on
 *   global FILE    the same with RTLD_GLOBAL
 *   close          dlclose of that library
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

/* Arguments that do no harm: zeros, more than any of the functions has in registers. */
static void call(void *where, const char *argument) {
    int (*function)(long, long, long, long, long, long) = NULL;
    *(void **)&function = look_up(where, argument);
    Dl_info info;
    if (!function || !dladdr(*(void **)&function, &info))
        fail("no", argument);
    printf("%s of %s returned %d\n", argument, file_name(info.dli_fname),
           function(0, 0, 0, 0, 0, 0));
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        const char *verb = argv[i];
        if (strcmp(verb, "close") == 0) {
            if (dlclose(library) != 0)
                fail("close", "");
            continue;
        }
        const char *argument = argv[++i];
        if (!argument) {
            fprintf(stderr, "%s what?\n", verb);
            return 2;
        }
        if (strcmp(verb, "local") == 0 || strcmp(verb, "global") == 0) {
            library = dlopen(argument, RTLD_NOW | (*verb == 'l' ? RTLD_LOCAL : RTLD_GLOBAL));
            if (!library)
                fail(verb, argument);
        } else if (strcmp(verb, "handle") == 0) {
            call(library, argument);
        } else if (strcmp(verb, "default") == 0) {
            call(RTLD_DEFAULT, argument);
        } else {
            fprintf(stderr, "what is %s?\n", verb);
            return 2;
        }
    }
    return 0;
}
