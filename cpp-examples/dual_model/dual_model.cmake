# dual_model on what LibTorch computes with, and where there is a HIP runtime on that too:
#   dual_model             the software device
#   dual_model_cuda        a CUDA build of LibTorch; the executable itself interposes CUDA (xsched::cuda)
#   dual_model_cuda_plain  the same program without libxsched, to be run as it is or preloaded
#   dual_model_hip         a HIP runtime; the executable itself interposes HIP (xsched::hip)
#   dual_model_hip_plain   the same program without libxsched, to be run as it is or preloaded
# The HIP runtime is ROCm's, or where HIPSIM_DIR says hipsim's newest.
#
# SPDX-License-Identifier: Apache-2.0

add_library(dual_model_parts OBJECT
    dual_model/experiment.cpp dual_model/lane.cpp dual_model/load.cpp dual_model/machine.cpp
    dual_model/main.cpp dual_model/model.cpp dual_model/options.cpp dual_model/products.cpp
    dual_model/progress.cpp dual_model/report.cpp dual_model/resnet.cpp dual_model/results.cpp
    dual_model/stream.cpp dual_model/table.cpp)
target_include_directories(dual_model_parts PUBLIC "${PROJECT_SOURCE_DIR}/include")
target_compile_features(dual_model_parts PUBLIC cxx_std_17)
target_compile_options(dual_model_parts PUBLIC -Wall -Wextra -Wpedantic)
target_link_libraries(dual_model_parts PUBLIC LibTorch::cpu Threads::Threads)

function(xsched_add_dual_model name)
    list(TRANSFORM ARGN PREPEND dual_model/)
    add_executable(${name} ${ARGN})
    target_link_libraries(${name} PRIVATE dual_model_parts)
endfunction()

# Also where LibTorch can do more: a CPU is enough for it.
xsched_add_dual_model(dual_model device_torch.cpp)
target_compile_definitions(dual_model PRIVATE XSCHED_TORCH_CPU)
target_link_libraries(dual_model PRIVATE xsched::xsched)

if(TARGET LibTorch::cuda)
    xsched_add_dual_model(dual_model_cuda_plain device_torch.cpp without_xsched.cpp)
    target_link_libraries(dual_model_cuda_plain PRIVATE LibTorch::cuda ${CMAKE_DL_LIBS})
endif()
if(TARGET LibTorch::cuda AND TARGET xsched::cuda)
    xsched_add_dual_model(dual_model_cuda device_torch.cpp)
    target_link_libraries(dual_model_cuda PRIVATE xsched::cuda LibTorch::cuda)
endif()

if(HIPSIM_DIR)
    add_library(dual_model_hip_runtime INTERFACE)
    target_include_directories(dual_model_hip_runtime INTERFACE
        "${PROJECT_SOURCE_DIR}/hipsim/include")
    target_link_libraries(dual_model_hip_runtime INTERFACE "${HIPSIM_DIR}/7.2/libamdhip64.so")
else()
    find_package(hip CONFIG QUIET)
    if(hip_FOUND)
        add_library(dual_model_hip_runtime ALIAS hip::host)
    endif()
endif()

if(XSCHED_HIP AND TARGET dual_model_hip_runtime)
    xsched_add_dual_model(dual_model_hip device_hip.cpp)
    # The executable defines all that it calls, so a linker may think that it needs no runtime.
    target_link_options(dual_model_hip PRIVATE -Wl,--no-as-needed)
    target_link_libraries(dual_model_hip PRIVATE xsched::hip dual_model_hip_runtime)

    xsched_add_dual_model(dual_model_hip_plain device_hip.cpp without_xsched.cpp)
    target_link_libraries(dual_model_hip_plain PRIVATE dual_model_hip_runtime ${CMAKE_DL_LIBS})
endif()
