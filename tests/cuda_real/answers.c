/*
 * Asks for functions of the driver, as the lines on stdin say, and prints each line with the answer:
 *
 *   proc NAME VERSION FLAGS   cuGetProcAddress and cuGetProcAddress_v2; the name - is the empty one
 *   handle NAME               dlsym on the driver's handle
 *   default NAME              dlsym(RTLD_DEFAULT)
 *   versioned NAME            dlvsym on the handle; the driver's symbols have no versions
 *
 * An answer is library:symbol, NULL, or untouched. The first line printed is the driver's version.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int get_first(const char *, void **, int, uint64_t);
typedef int get_second(const char *, void **, int, uint64_t, int *);

enum { UNTOUCHED = -1 };
static char untouched;

static const char *file_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void print_answer(void *address) {
    Dl_info info;
    if (!address)
        printf(" NULL");
    else if (address == &untouched)
        printf(" untouched");
    else if (dladdr(address, &info) && info.dli_saddr == address)
        printf(" %s:%s", file_name(info.dli_fname), info.dli_sname);
    else
        printf(" %p", address);
}

static void *found(void *library, const char *name) {
    void *address = dlsym(library, name);
    if (!address) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    return address;
}

int main(void) {
    void *driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_GLOBAL);
    if (!driver) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    get_first *first;
    get_second *second;
    int (*get_version)(int *);
    *(void **)&first = found(driver, "cuGetProcAddress");
    *(void **)&second = found(driver, "cuGetProcAddress_v2");
    *(void **)&get_version = found(driver, "cuDriverGetVersion");
    int version = 0;
    get_version(&version);
    printf("%d\n", version);

    char line[256], verb[16], name[128];
    unsigned flags;
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        fputs(line, stdout);
        if (sscanf(line, "proc %127s %d %u", name, &version, &flags) == 3) {
            const char *asked = strcmp(name, "-") ? name : "";
            void *address = &untouched;
            printf(" | %d", first(asked, &address, version, flags));
            print_answer(address);
            int status = UNTOUCHED;
            address = &untouched;
            printf(" | %d", second(asked, &address, version, flags, &status));
            print_answer(address);
            printf(" %d", status);
        } else if (sscanf(line, "%15s %127s", verb, name) == 2) {
            printf(" |");
            print_answer(strcmp(verb, "handle") == 0      ? dlsym(driver, name)
                         : strcmp(verb, "versioned") == 0 ? dlvsym(driver, name, "libcuda.so.1")
                                                          : dlsym(RTLD_DEFAULT, name));
        }
        puts("");
    }
    return 0;
}
