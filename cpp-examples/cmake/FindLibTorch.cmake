# Finds LibTorch: LibTorch_FOUND, LibTorch_VERSION, target LibTorch::cpu for its CPU part; and target
# LibTorch::cuda, where it was built for CUDA and there is a CUDA runtime to compile with.
#
# LibTorch's own TorchConfig.cmake stops the configuration, even with QUIET, when a package that
# LibTorch was built with is absent (glog, protobuf, a CUDA toolkit), although a program that
# computes on the CPU uses none of them. So the two libraries that it does use are looked up here.
#
# Looked at, in this order: Torch_DIR and CMAKE_PREFIX_PATH, as for TorchConfig.cmake (an unpacked
# LibTorch, or what Python's torch.utils.cmake_prefix_path says); build/torch; the system; the python3
# on PATH.
#
# CUDA's runtime, of which nothing but one header and one library is needed, is looked for in
# CUDA_RUNTIME_DIR (ci/cuda_headers.sh fetches one), beside a LibTorch that pip installed, and where a
# toolkit is. No GPU, driver or nvcc takes part.
#
# SPDX-License-Identifier: Apache-2.0

# An installation has its headers at <root>/include, and TorchConfig.cmake two or three levels
# below <root>/share or <root>/lib.
set(_torch_roots)
foreach(_torch_prefix IN LISTS Torch_DIR CMAKE_PREFIX_PATH)
    list(APPEND _torch_roots
        "${_torch_prefix}" "${_torch_prefix}/../.." "${_torch_prefix}/../../..")
endforeach()
string(REPLACE ":" ";" _torch_environment "$ENV{CMAKE_PREFIX_PATH}")
foreach(_torch_prefix IN LISTS _torch_environment)
    list(APPEND _torch_roots "${_torch_prefix}" "${_torch_prefix}/../..")
endforeach()

macro(_torch_find)
    find_path(LibTorch_INCLUDE_DIR ATen/ATen.h PATHS ${ARGN} PATH_SUFFIXES include NO_DEFAULT_PATH)
    find_library(LibTorch_CPU_LIBRARY torch_cpu PATHS ${ARGN}
        PATH_SUFFIXES lib "lib/${CMAKE_LIBRARY_ARCHITECTURE}" NO_DEFAULT_PATH)
    find_library(LibTorch_C10_LIBRARY c10 PATHS ${ARGN}
        PATH_SUFFIXES lib "lib/${CMAKE_LIBRARY_ARCHITECTURE}" NO_DEFAULT_PATH)
endmacro()

# Where ci/install_deps.sh puts LibTorch when the distribution has none.
file(GLOB _torch_venv
    "${CMAKE_CURRENT_LIST_DIR}/../../build/torch/lib/python3*/site-packages/torch")
_torch_find(${_torch_roots} ${_torch_venv})
_torch_find(/usr/local /usr)
if(NOT LibTorch_INCLUDE_DIR OR NOT LibTorch_CPU_LIBRARY)
    # Only the location is asked for: importing torch takes seconds.
    execute_process(
        COMMAND python3 -c "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])"
        OUTPUT_VARIABLE _torch_python OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(_torch_python)
        _torch_find("${_torch_python}")
    endif()
endif()

if(LibTorch_INCLUDE_DIR)
    set(_torch_api "${LibTorch_INCLUDE_DIR}/torch/csrc/api/include")
    # Newer releases keep the numbers in the second of these.
    set(LibTorch_VERSION "")
    foreach(_torch_header "${_torch_api}/torch/version.h"
            "${LibTorch_INCLUDE_DIR}/torch/headeronly/version.h")
        if(EXISTS "${_torch_header}" AND LibTorch_VERSION STREQUAL "")
            file(STRINGS "${_torch_header}" _torch_lines
                REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
            string(REGEX MATCHALL "[0-9]+" _torch_numbers "${_torch_lines}")
            string(REPLACE ";" "." LibTorch_VERSION "${_torch_numbers}")
        endif()
    endforeach()
    get_filename_component(LibTorch_LIBRARY_DIR "${LibTorch_CPU_LIBRARY}" DIRECTORY)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
    REQUIRED_VARS LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY LibTorch_INCLUDE_DIR
    VERSION_VAR LibTorch_VERSION)
mark_as_advanced(LibTorch_INCLUDE_DIR LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY)

if(LibTorch_FOUND AND NOT TARGET LibTorch::cpu)
    add_library(LibTorch::cpu INTERFACE IMPORTED)
    set_target_properties(LibTorch::cpu PROPERTIES
        INTERFACE_INCLUDE_DIRECTORIES "${LibTorch_INCLUDE_DIR};${_torch_api}"
        INTERFACE_LINK_LIBRARIES "${LibTorch_CPU_LIBRARY};${LibTorch_C10_LIBRARY}")

    # Newer headers demand C++20.
    file(STRINGS "${LibTorch_INCLUDE_DIR}/ATen/ATen.h" _torch_cxx20 REGEX "error C\\+\\+20 or later")
    if(_torch_cxx20)
        set_property(TARGET LibTorch::cpu PROPERTY INTERFACE_COMPILE_FEATURES cxx_std_20)
    endif()

    # Wheels up to 2.5 were built with the old ABI of the C++ library; only their CMake file tells.
    file(GLOB _torch_config "${LibTorch_LIBRARY_DIR}/../share/cmake/Torch/TorchConfig.cmake")
    if(_torch_config)
        file(STRINGS "${_torch_config}" _torch_old_abi REGEX "_GLIBCXX_USE_CXX11_ABI=0")
        if(_torch_old_abi)
            set_property(TARGET LibTorch::cpu PROPERTY
                INTERFACE_COMPILE_DEFINITIONS _GLIBCXX_USE_CXX11_ABI=0)
        endif()
    endif()
endif()

if(LibTorch_FOUND AND NOT TARGET LibTorch::cuda)
    # Named by file: a runtime that pip installed has no libcudart.so to link with, only the release's.
    set(CUDA_RUNTIME_DIR "" CACHE PATH "Folder with CUDA's include/cuda_runtime_api.h and lib/libcudart.so.*")
    file(GLOB _torch_pip_cuda "${LibTorch_LIBRARY_DIR}/../../nvidia/cu[0-9]*"
        "${LibTorch_LIBRARY_DIR}/../../nvidia/cuda_runtime")
    find_library(LibTorch_CUDA_LIBRARY torch_cuda PATHS "${LibTorch_LIBRARY_DIR}" NO_DEFAULT_PATH)
    find_library(LibTorch_C10_CUDA_LIBRARY c10_cuda PATHS "${LibTorch_LIBRARY_DIR}" NO_DEFAULT_PATH)
    set(_torch_cudart)
    foreach(_torch_candidate IN ITEMS "${CUDA_RUNTIME_DIR}" ${_torch_pip_cuda} "$ENV{CUDA_HOME}"
            /usr/local/cuda)
        file(GLOB _torch_libraries "${_torch_candidate}/lib64/libcudart.so.*"
            "${_torch_candidate}/lib/libcudart.so.*")
        if(_torch_libraries AND EXISTS "${_torch_candidate}/include/cuda_runtime_api.h")
            list(GET _torch_libraries 0 _torch_cudart)
            set(_torch_cuda_dir "${_torch_candidate}")
            break()
        endif()
    endforeach()
    mark_as_advanced(LibTorch_CUDA_LIBRARY LibTorch_C10_CUDA_LIBRARY)
    if(LibTorch_CUDA_LIBRARY AND LibTorch_C10_CUDA_LIBRARY AND _torch_cudart)
        add_library(LibTorch::cuda INTERFACE IMPORTED)
        # libtorch_cuda registers the kernels when it is loaded, and nothing refers to it by name. What
        # it needs itself (cuBLAS, cuDNN) is looked for when the program starts.
        set_target_properties(LibTorch::cuda PROPERTIES
            INTERFACE_INCLUDE_DIRECTORIES "${_torch_cuda_dir}/include"
            INTERFACE_LINK_OPTIONS "-Wl,--no-as-needed;-Wl,--allow-shlib-undefined"
            INTERFACE_LINK_LIBRARIES
            "LibTorch::cpu;${LibTorch_CUDA_LIBRARY};${LibTorch_C10_CUDA_LIBRARY};${_torch_cudart}")
    endif()
endif()
