/*
 * What every CUDA test program needs: the driver API, what the stand-in driver adds, and checks.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "../interposed/check.hpp"

#include <cuda.h>
#include <cudasim.h>

#define OK(call) EXPECT(CUDA_SUCCESS, call)

/* Is the driver the stand-in? A real one has none of its functions. */
inline bool on_stand_in() {
    return cudasim_violations != nullptr;
}

/* For a program that shows nothing on a real driver. */
inline void needs_stand_in(const char *why) {
    if (!on_stand_in()) {
        say("SKIPPED: %s", why);
        std::exit(77);
    }
}
