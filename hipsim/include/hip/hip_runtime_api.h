/*
 * The HIP runtime API for the test programs: types and prototypes, our own declarations. They exist so
 * that programs can be built against the stand-in runtime without ROCm; a program written with them
 * runs on the real runtime too. SPDX-License-Identifier: Apache-2.0
 */
#ifndef HIPSIM_HIP_RUNTIME_API_H
#define HIPSIM_HIP_RUNTIME_API_H

#include "types.h"
#include "params.h"
#include "functions.h"

#endif
