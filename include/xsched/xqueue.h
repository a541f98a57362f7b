/* Header path of XSched 1.2; the API is in one header. SPDX-License-Identifier: Apache-2.0 */
#ifndef XSCHED_XQUEUE_H
#define XSCHED_XQUEUE_H
#include "../xsched.h"
#endif
