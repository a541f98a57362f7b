# HIP products: libxsched_hip.so, which is preloaded, and libxsched_hip.a with the target xsched::hip,
# which makes the executable itself interpose HIP for every shared library it loads.
#
# SPDX-License-Identifier: Apache-2.0

set(xsched_hip_dir "${CMAKE_CURRENT_BINARY_DIR}/hip")
set(xsched_hip_archive "${xsched_hip_dir}/libxsched_hip.a")
set(xsched_hip_library "${xsched_hip_dir}/libxsched_hip.so")
set(xsched_hip_names "${xsched_hip_dir}/xsched_hip_exports.list")
set(xsched_hip_cargo_dir "${xsched_target_dir}/hip")
file(MAKE_DIRECTORY "${xsched_hip_dir}")

# The same library with HIP's entry points in it; a folder of its own, because cargo would otherwise
# build the two in turns.
add_custom_target(xsched_hip_cargo
    COMMAND "${XSCHED_CARGO}" build --release --lib --package xsched --features interpose-hip
        --target-dir "${xsched_hip_cargo_dir}" ${xsched_cargo_flags}
    COMMAND "${CMAKE_COMMAND}" -E copy_if_different
        "${xsched_hip_cargo_dir}/release/libxsched.a" "${xsched_hip_archive}"
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
    BYPRODUCTS "${xsched_hip_archive}"
    COMMENT "Asking cargo for libxsched_hip.a"
    USES_TERMINAL VERBATIM)

# rustc cannot be given a version script, so the archive is linked once more. Whole: nothing refers to
# the hooks by name. Symbolic functions: its table of hooks means its own, also beside another interposer
# that the dynamic linker finds first (not -Bsymbolic: that would hide the other one from its look-ups).
# Never unloaded: the application's calls go through it.
list(TRANSFORM xsched_system_libraries PREPEND "-l" OUTPUT_VARIABLE xsched_hip_libraries)
add_custom_command(OUTPUT "${xsched_hip_library}"
    COMMAND "${CMAKE_C_COMPILER}" -shared -o "${xsched_hip_library}"
        -Wl,--whole-archive "${xsched_hip_archive}" -Wl,--no-whole-archive
        "-Wl,--version-script=${CMAKE_CURRENT_SOURCE_DIR}/hip_version.map"
        -Wl,-soname,libxsched_hip.so -Wl,-Bsymbolic-functions -Wl,--gc-sections -Wl,-z,nodelete,-z,relro,-z,now
        ${xsched_hip_libraries}
    DEPENDS "${xsched_hip_archive}" hip_version.map xsched_hip_cargo
    COMMENT "Linking libxsched_hip.so"
    VERBATIM)
add_custom_target(xsched_hip_shared ALL DEPENDS "${xsched_hip_library}")

# What an executable must export to interpose: everything in the map, and the dynamic linker's functions.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS hip_version.map)
file(READ hip_version.map xsched_hip_map)
string(REGEX MATCHALL "\n    [A-Za-z_][A-Za-z0-9_]*" xsched_hip_map "${xsched_hip_map}")
list(JOIN xsched_hip_map ";" xsched_hip_map)
file(WRITE "${xsched_hip_names}" "{${xsched_hip_map};\n    dlsym;\n    dlvsym;\n};\n")

# One reference pulls the hooks in: they are one object, as the release profile has one codegen unit.
# cmake/xschedConfig.cmake.in defines the same target for an installed archive.
add_library(xsched::hip STATIC IMPORTED GLOBAL)
add_dependencies(xsched::hip xsched_hip_cargo)
set_target_properties(xsched::hip PROPERTIES
    IMPORTED_LOCATION "${xsched_hip_archive}"
    INTERFACE_INCLUDE_DIRECTORIES "${CMAKE_CURRENT_SOURCE_DIR}/include"
    INTERFACE_LINK_OPTIONS
        "-Wl,--undefined=xsched_interposes_hip;-Wl,--dynamic-list=${xsched_hip_names}"
    INTERFACE_LINK_LIBRARIES "${xsched_system_libraries}")
