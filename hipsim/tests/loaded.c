/* Loaded and unloaded at run time, 1000 times, with its threads running. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>

int main(void) {
    for (int i = 0; i < 1000; i++) {
        void *library = dlopen("libamdhip64.so", RTLD_NOW | RTLD_LOCAL);
        if (library == NULL) {
            fprintf(stderr, "%s\n", dlerror());
            return 1;
        }
        int (*allocate)(void **, size_t), (*set)(void *, int, size_t), (*release)(void *);
        *(void **)&allocate = dlsym(library, "hipMalloc");
        *(void **)&set = dlsym(library, "hipMemset");
        *(void **)&release = dlsym(library, "hipFree");
        void *memory;
        if (allocate(&memory, 64) != 0 || set(memory, 1, 64) != 0 || release(memory) != 0)
            return 1;
        dlclose(library);
    }
    return 0;
}
