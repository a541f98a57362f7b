/*
 * A library that uses CUDA is loaded, used and unloaded, again and again; the first time before this
 * program itself has used CUDA. The primary context, a module and all else come and go with it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../interposed/growth.hpp"
#include "scheduler.hpp"

int main(int count, char **arguments) {
    CHECK(count == 2);
    const auto round = [&] {
        void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) {
            fail(__FILE__, __LINE__, dlerror());
        }
        reinterpret_cast<void (*)()>(dlsym(library, "library_use"))();
        CHECK(dlclose(library) == 0);
        CHECK(dlopen(arguments[1], RTLD_NOW | RTLD_NOLOAD) == nullptr); // it is gone
    };
    if (on_stand_in()) {
        check_no_growth(1000, round);
    } else { // a context of a real driver takes its time
        for (int i = 0; i < 10; i++) {
            round();
        }
    }
    return finish();
}
