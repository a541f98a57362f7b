#!/bin/bash
# Writes the prototypes of hip/functions.h from hipsim/abi/functions.csv to standard output: every
# call that does something with a stream, and those queries that the programs here need besides.
#
#   hipsim/include/declare.sh > hipsim/include/hip/functions.h
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")"

queries="
__hipPopCallConfiguration __hipPushCallConfiguration __hipRegisterFatBinary __hipRegisterFunction
__hipRegisterVar hipArray3DCreate hipArrayCreate hipConfigureCall hipCtxCreate
hipDestroyExternalSemaphore hipDeviceGet hipDeviceGetAttribute hipDeviceGetDefaultMemPool
hipDeviceGetName hipDeviceGetPCIBusId hipDevicePrimaryCtxRetain hipDriverGetVersion
hipExtMallocWithFlags hipGetDevice hipGetDeviceCount hipGetDriverEntryPoint hipGetErrorName
hipGetErrorString hipGetLastError hipGetProcAddress hipGetSymbolAddress hipHostGetDevicePointer
hipHostMalloc hipHostRegister hipInit hipIpcGetMemHandle hipIpcOpenMemHandle 
hipMalloc hipMalloc3D hipMalloc3DArray hipMallocArray hipMallocManaged hipMallocMipmappedArray
hipMallocPitch hipMemAddressReserve hipMemCreate hipMemGetInfo hipMemPoolCreate hipMemSetAccess
hipModuleGetFunction hipModuleGetGlobal hipModuleLoad hipModuleLoadData hipPeekAtLastError
hipPointerGetAttributes hipRuntimeGetVersion hipSetDevice hipSetupArgument"

# C++ names are declared by hand, in hip_ext.h; there hipExtModuleLaunchKernel is one of them.
omitted='^(_Z|hipExtModuleLaunchKernel$)'

cat <<'EOF'
/*
 * Prototypes of the HIP API, as ROCm 7.2 has them. Generated from hipsim/abi/functions.csv by
 * hipsim/include/declare.sh; do not edit. SPDX-License-Identifier: Apache-2.0
 */
#ifndef HIPSIM_HIP_FUNCTIONS_H
#define HIPSIM_HIP_FUNCTIONS_H

#include "params.h"

/* A program that has to run where some functions do not exist declares them weak. */
#ifndef HIP_API
#define HIP_API
#endif

/* clang-format off */
#ifdef __cplusplus
extern "C" {
#endif
EOF
awk -F, -v queries="$queries" -v omitted="$omitted" '
    BEGIN {
        count = split(queries, names, /[ \n]+/)
        for (i = 1; i <= count; i++) wanted[names[i]] = 1
    }
    NR > 1 && ($2 != "query" || $1 in wanted) && $1 !~ omitted {
        parameters = $6
        gsub(/;/, ",", parameters)
        gsub(/ \* /, " *", parameters)
        gsub(/ \*\* /, " **", parameters)
        printf "HIP_API %s %s(%s);\n", $5, $1, parameters
    }' ../abi/functions.csv | sed 's/\* \([A-Za-z_]*(\)/*\1/'
cat <<'EOF'
#ifdef __cplusplus
} /* extern "C" */
#endif
/* clang-format on */

#endif
EOF
