# Removes the files of the last installation and the directories that only they were in.
#
# SPDX-License-Identifier: Apache-2.0
if(NOT EXISTS "${MANIFEST}")
    message(FATAL_ERROR "nothing was installed from this build directory (no ${MANIFEST})")
endif()
file(STRINGS "${MANIFEST}" files)
foreach(file IN LISTS files)
    set(file "$ENV{DESTDIR}${file}")
    message(STATUS "Removing ${file}")
    file(REMOVE "${file}")
    # Directories of our own, from the inside out; shared ones like lib/ stay.
    get_filename_component(directory "${file}" DIRECTORY)
    while(directory MATCHES "/xsched(/[^/]+)?$")
        file(GLOB rest "${directory}/*")
        if(rest)
            break()
        endif()
        file(REMOVE_RECURSE "${directory}")
        get_filename_component(directory "${directory}" DIRECTORY)
    endwhile()
endforeach()
file(REMOVE "${MANIFEST}")
