# Installation: headers, archive, CMake package, pkg-config file, licence; and the way back.
# Nothing installed contains an absolute path, so the prefix may be moved afterwards.
#
# SPDX-License-Identifier: Apache-2.0
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(xsched_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/xsched")
set(xsched_pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

string(REPLACE ";" " -l" xsched_link_flags "-l${xsched_system_libraries}")
file(RELATIVE_PATH xsched_pc_to_includedir
    "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_FULL_INCLUDEDIR}")
configure_file(cmake/xsched.pc.in xsched.pc @ONLY)

configure_package_config_file(cmake/xschedConfig.cmake.in xschedConfig.cmake
    INSTALL_DESTINATION "${xsched_package_dir}"
    PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR
    NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# Below version 1.0 a minor version may break its predecessor.
write_basic_package_version_file(xschedConfigVersion.cmake COMPATIBILITY SameMinorVersion)

install(DIRECTORY include/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")
install(FILES "${xsched_archive_path}" DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(FILES
    "${CMAKE_CURRENT_BINARY_DIR}/xschedConfig.cmake"
    "${CMAKE_CURRENT_BINARY_DIR}/xschedConfigVersion.cmake"
    DESTINATION "${xsched_package_dir}")
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/xsched.pc" DESTINATION "${xsched_pkgconfig_dir}")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# In front of drivers: the preload library and the archive.
foreach(vendor IN ITEMS hip cuda)
    string(TOUPPER "XSCHED_${vendor}" option)
    if(${option})
        install(FILES "${xsched_${vendor}_archive}" "${xsched_${vendor}_names}"
            DESTINATION "${CMAKE_INSTALL_LIBDIR}")
        install(PROGRAMS "${xsched_${vendor}_library}" DESTINATION "${CMAKE_INSTALL_LIBDIR}")
    endif()
endforeach()

# The names by which XSched's HIP libraries are linked.
if(XSCHED_HIP)
    foreach(name libshimhip.so libhalhip.so libpreempt.so)
        file(CREATE_LINK libxsched_hip.so "${xsched_hip_dir}/${name}" SYMBOLIC)
        install(FILES "${xsched_hip_dir}/${name}" DESTINATION "${CMAKE_INSTALL_LIBDIR}")
    endforeach()
endif()

# A parent project that installs libxsched with itself has its own way to uninstall.
if(xsched_top_level)
    add_custom_target(uninstall
        COMMAND "${CMAKE_COMMAND}" -DMANIFEST=${CMAKE_BINARY_DIR}/install_manifest.txt
            -P "${CMAKE_CURRENT_SOURCE_DIR}/cmake/uninstall.cmake"
        COMMENT "Removing what was installed last"
        VERBATIM)
endif()
