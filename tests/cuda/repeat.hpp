/*
 * For the tests that repeat something often. On the stand-in driver the process must not grow; what a real
 * driver keeps is its own business, and it takes its time, so there it is repeated less often.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "../interposed/growth.hpp"
#include "check.hpp"

template <typename Body>
void repeat(int rounds, int rounds_on_device, Body body) {
    if (on_stand_in()) {
        check_no_growth(rounds, body);
        return;
    }
    for (int i = 0; i < rounds_on_device; i++) {
        body();
    }
}
