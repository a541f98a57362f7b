/*
 * What every HIP test program needs: the API, the stand-in runtime's extras, and checks.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "../interposed/check.hpp"

#include <hip/hip_runtime_api.h>
#include <hipsim.h>

#define OK(call) EXPECT(hipSuccess, call)
