/* Header path of XSched 1.2; the API is in one header. SPDX-License-Identifier: Apache-2.0 */
#ifndef XSCHED_CUDA_HAL_H
#define XSCHED_CUDA_HAL_H
#include "../../xsched.h"
#endif
