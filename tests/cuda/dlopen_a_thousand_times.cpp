/*
 * A library that uses CUDA is loaded, used and unloaded, again and again; the first time before this
 * program itself has used CUDA. The primary context, a module and all else come and go with it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "repeat.hpp"
#include "scheduler.hpp"

int main(int count, char **arguments) {
    CHECK(count == 2);
    repeat(1000, 10, [&] {
        void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) {
            fail(__FILE__, __LINE__, dlerror());
        }
        reinterpret_cast<void (*)()>(dlsym(library, "library_use"))();
        CHECK(dlclose(library) == 0);
        CHECK(dlopen(arguments[1], RTLD_NOW | RTLD_NOLOAD) == nullptr); // it is gone
    });
    return finish();
}
