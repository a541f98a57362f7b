/*
 * This program is not linked with CUDA: the driver comes with a library that is loaded later, after the
 * scheduler. The hooks find it then.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <cstdio>
#include <dlfcn.h>

int main(int, char **arguments) {
    if (dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD) != nullptr) {
        std::fprintf(stderr, "the driver is here already\n");
        return 1;
    }
    void *library = dlopen(arguments[1], RTLD_NOW | RTLD_GLOBAL); // for its kernels
    if (library == nullptr) {
        std::fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    reinterpret_cast<void (*)()>(dlsym(library, "library_use"))();
    return reinterpret_cast<int (*)()>(dlsym(library, "library_finish"))();
}
