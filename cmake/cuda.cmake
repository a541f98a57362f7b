# CUDA products. libcuda's symbols have no versions, so the version script only says what is exported: the
# functions of the table of hooks, the driver's look-ups and the C API.
#
# SPDX-License-Identifier: Apache-2.0
set(xsched_cuda_table src/interpose/cuda/table.rs)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${xsched_cuda_table} include/xsched.h)

file(STRINGS ${xsched_cuda_table} xsched_cuda_exports REGEX "^        cu[A-Za-z0-9_]+\\(")
list(TRANSFORM xsched_cuda_exports REPLACE "^ *([A-Za-z0-9_]+)\\(.*" "\\1")
file(STRINGS include/xsched.h xsched_api REGEX "^(XResult|const char \\*) ?[A-Za-z]+\\(")
list(TRANSFORM xsched_api REPLACE "^(XResult|const char \\*) ?([A-Za-z]+)\\(.*" "\\2")
list(APPEND xsched_cuda_exports
    cuGetProcAddress cuGetProcAddress_v2 dlsym dlvsym xsched_interposes_cuda ${xsched_api})

list(JOIN xsched_cuda_exports ";\n    " xsched_cuda_exports)
set(xsched_cuda_script "${CMAKE_CURRENT_BINARY_DIR}/xsched_cuda.map")
file(CONFIGURE OUTPUT "${xsched_cuda_script}" @ONLY
    CONTENT "{\n  global:\n    @xsched_cuda_exports@;\n  local: *;\n};\n")
xsched_add_interposer(cuda "${xsched_cuda_script}")
