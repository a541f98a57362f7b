# The products in front of a vendor's driver: libxsched_<vendor>.so, which is preloaded, and
# libxsched_<vendor>.a with the target xsched::<vendor>, which makes the executable itself interpose the
# driver for every shared library it loads.
#
# SPDX-License-Identifier: Apache-2.0

# xsched_add_interposer(<vendor> <version script>): the targets xsched_<vendor>_shared and xsched::<vendor>.
# The script names what the products export, one name a line, but for dlsym and dlvsym, which are exported
# in any case. Sets xsched_<vendor>_dir, _archive, _library and _names, where the products are and the list
# of names.
function(xsched_add_interposer vendor script)
    set(dir "${CMAKE_CURRENT_BINARY_DIR}/${vendor}")
    set(archive "${dir}/libxsched_${vendor}.a")
    set(library "${dir}/libxsched_${vendor}.so")
    set(names "${dir}/xsched_${vendor}_exports.list")
    file(MAKE_DIRECTORY "${dir}")

    # The same library with the driver's entry points in it; a folder of its own, because cargo would
    # otherwise build the variants in turns.
    set(cargo_dir "${xsched_target_dir}/${vendor}")
    add_custom_target(xsched_${vendor}_cargo
        COMMAND "${XSCHED_CARGO}" build --release --lib --package xsched
            --features interpose-${vendor} --target-dir "${cargo_dir}" ${xsched_cargo_flags}
        COMMAND "${CMAKE_COMMAND}" -E copy_if_different "${cargo_dir}/release/libxsched.a" "${archive}"
        WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
        BYPRODUCTS "${archive}"
        COMMENT "Asking cargo for libxsched_${vendor}.a"
        USES_TERMINAL VERBATIM)

    # rustc cannot be given a version script, so the archive is linked once more. Whole: nothing refers to
    # the hooks by name. Symbolic functions: its table of hooks means its own, also beside another
    # interposer that the dynamic linker finds first (not -Bsymbolic: that would hide the other one from
    # its look-ups). Never unloaded: the application's calls go through it.
    list(TRANSFORM xsched_system_libraries PREPEND "-l" OUTPUT_VARIABLE libraries)
    add_custom_command(OUTPUT "${library}"
        COMMAND "${CMAKE_C_COMPILER}" -shared -o "${library}"
            -Wl,--whole-archive "${archive}" -Wl,--no-whole-archive
            "-Wl,--version-script=${script}"
            -Wl,-soname,libxsched_${vendor}.so -Wl,-Bsymbolic-functions -Wl,--gc-sections
            -Wl,-z,nodelete,-z,relro,-z,now ${libraries}
        DEPENDS "${archive}" "${script}" xsched_${vendor}_cargo
        COMMENT "Linking libxsched_${vendor}.so"
        VERBATIM)
    add_custom_target(xsched_${vendor}_shared ALL DEPENDS "${library}")

    # What an executable must export to interpose.
    file(READ "${script}" exported)
    string(REGEX MATCHALL "\n    [A-Za-z_][A-Za-z0-9_]*" exported "${exported}")
    list(APPEND exported "\n    dlsym" "\n    dlvsym")
    list(REMOVE_DUPLICATES exported)
    list(JOIN exported ";" exported)
    file(WRITE "${names}" "{${exported};\n};\n")

    # One reference pulls the hooks in: they are one object, as the release profile has one codegen unit.
    # cmake/xschedConfig.cmake.in defines the same target for an installed archive.
    add_library(xsched::${vendor} STATIC IMPORTED GLOBAL)
    add_dependencies(xsched::${vendor} xsched_${vendor}_cargo)
    set_target_properties(xsched::${vendor} PROPERTIES
        IMPORTED_LOCATION "${archive}"
        INTERFACE_INCLUDE_DIRECTORIES "${CMAKE_CURRENT_SOURCE_DIR}/include"
        INTERFACE_LINK_OPTIONS
            "-Wl,--undefined=xsched_interposes_${vendor};-Wl,--dynamic-list=${names}"
        INTERFACE_LINK_LIBRARIES "${xsched_system_libraries}")

    foreach(name IN ITEMS dir archive library names)
        set(xsched_${vendor}_${name} "${${name}}" PARENT_SCOPE)
    endforeach()
endfunction()
