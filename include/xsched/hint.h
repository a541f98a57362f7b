/* Header path of XSched 1.2; the API is in one header. SPDX-License-Identifier: Apache-2.0 */
#ifndef XSCHED_HINT_H
#define XSCHED_HINT_H
#include "../xsched.h"
#endif
