// api_compat.c as C++17. SPDX-License-Identifier: Apache-2.0
#include "api_compat.c"
