/*
 * The scheduler's library is loaded and closed in the middle of everything, again and again. Calls that
 * are bound already do not change their way, and nothing grows.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "repeat.hpp"
#include "scheduler.hpp"

int main(int count, char **arguments) {
    CHECK(count == 2);
    FreeStream stream;
    Words words(64);
    uint32_t rounds = 0;
    repeat(1000, 100, [&] {
        words.add(stream, 1);
        void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) {
            fail(__FILE__, __LINE__, dlerror());
        }
        CHECK(dlsym(library, "XQueueCreate") != nullptr);
        CHECK(dlclose(library) == 0);
        OK(cuStreamSynchronize(stream));
        rounds++;
    });
    CHECK(words.all(rounds));
    return finish();
}
