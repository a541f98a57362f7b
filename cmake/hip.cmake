# HIP products. The version script is made from the table of hooks by ci/hip_map.sh.
#
# SPDX-License-Identifier: Apache-2.0
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS hip_version.map)
xsched_add_interposer(hip "${CMAKE_CURRENT_SOURCE_DIR}/hip_version.map")
