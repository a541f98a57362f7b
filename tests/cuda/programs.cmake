# The programs; see CMakeLists.txt for the keywords.
#
# SPDX-License-Identifier: Apache-2.0

# --- order ----------------------------------------------------------------------------------------

foreach(name IN ITEMS
    context_synchronize_waits_for_everything cross_stream_wait_event_holds
    freeing_does_not_wait_for_suspended_queue launching_thread_is_waited_for
    null_stream_scheduled_and_ordered priority_inversion_through_event_resolves
    waiting_for_a_value_holds_nobody)
    cuda_program(${name} HOST_GATE)
endforeach()

# It is ten processes itself.
cuda_program(calls_beside_a_busy_stream ALONE)

# --- scheduling -----------------------------------------------------------------------------------

foreach(name IN ITEMS
    higher_priority_goes_first markers_order_nothing no_thread_blocks_in_the_driver nobody_competes
    per_thread_default_streams)
    cuda_program(${name} HOST_GATE)
endforeach()
# Whose turn it is on a GPU that processes share decides when a stream goes on, too.
cuda_program(suspension_is_quiet HOST_GATE ALONE)
cuda_program(long_commands_come_just_in_time HOST_GATE ALONE)
# Large, so that no disturbance makes a short command look as long.
cuda_program(kinds_of_commands_are_told_apart HOST_GATE ALONE ENVIRONMENT XSCHED_BUDGET_US=1000)
cuda_program(automatic_queues ENVIRONMENT XSCHED_AUTO_XQUEUE_PRIORITY=7)

# --- what comes and goes --------------------------------------------------------------------------

foreach(name IN ITEMS
    contexts_end_with_held_queues gate_words_are_used_again process_exit_with_held_queue
    streams_are_destroyed_and_addresses_reused thread_exit_while_held two_contexts_on_one_device)
    cuda_program(${name} HOST_GATE)
endforeach()
foreach(name IN ITEMS
    exec_keeps_the_preload fork_then_use_in_child_and_parent killed_while_gates_are_closed
    static_initialiser_uses_cuda_before_main ten_thousand_streams thousand_contexts thousand_threads)
    cuda_program(${name})
endforeach()
cuda_program(several_devices ENVIRONMENT CUDASIM_DEVICES=2)
cuda_program(dlopen_a_thousand_times ARGS LIBRARY)
cuda_program(streams_that_existed_before ARGS LIBRARY)
cuda_program(driver_arrives_late LATE ARGS LIBRARY)
cuda_program(scheduler_is_loaded_late ARGS SCHEDULER)

# --- results --------------------------------------------------------------------------------------

foreach(name IN ITEMS
    allocation_keeps_stream_order event_query_completes first_use_from_several_threads
    kernel_arguments_may_be_overwritten stream_synchronize_after_copies)
    cuda_program(${name} OLDER)
endforeach()

# --- faults, settings, the C API ------------------------------------------------------------------

cuda_program(failing_launch_returns_its_code HOST_GATE)
# A GPU that has to recover from a fault is in nobody's turn.
cuda_program(sticky_error_is_passed_on HOST_GATE ALONE)
cuda_program(waiting_calls_tell_at_once HOST_GATE ENVIRONMENT XSCHED_GRACE_US=1000000)
foreach(name IN ITEMS c_api device_gate_probe disabled without_queues)
    cuda_program(${name})
endforeach()

# --- graphs, look-ups -----------------------------------------------------------------------------

cuda_program(capture_and_graph_launch_keep_order OLDER HOST_GATE)
cuda_program(capture_while_others_compete HOST_GATE)
cuda_program(lookups_reach_the_hooks OLDER)

# --- every function -------------------------------------------------------------------------------

set(cuda_covering
    cover_arrays cover_contexts cover_copies cover_every_hook cover_fills cover_graphs cover_launch
    cover_memory cover_streams)
set(table "${PROJECT_SOURCE_DIR}/src/interpose/cuda/table.rs")
set(functions "${PROJECT_SOURCE_DIR}/src/interpose/cuda/functions.csv")
add_custom_command(OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/hooks.inc"
    COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/hooks.sh" "${table}" "${functions}"
        > "${CMAKE_CURRENT_BINARY_DIR}/hooks.inc"
    DEPENDS hooks.sh "${table}" "${functions}" VERBATIM)
foreach(name IN LISTS cuda_covering)
    set(environment)
    if(name STREQUAL cover_every_hook)
        set(environment CUDASIM_VIOLATION=report)
    endif()
    cuda_program(${name} OLDER ENVIRONMENT ${environment})
endforeach()
target_sources(cover_every_hook PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/hooks.inc")
target_include_directories(cover_every_hook PRIVATE "${CMAKE_CURRENT_BINARY_DIR}")

foreach(release IN LISTS cuda_newest cuda_older)
    string(REPLACE "." "_" column "cuda_${release}")
    set(prefix cuda-${release})
    if(release STREQUAL cuda_newest)
        set(prefix cuda)
    endif()
    list(TRANSFORM cuda_covering PREPEND "${prefix}." OUTPUT_VARIABLE fixtures)
    list(TRANSFORM fixtures REPLACE "(.+)" "${CMAKE_CURRENT_BINARY_DIR}/\\1.txt"
        OUTPUT_VARIABLE transcripts)
    add_test(NAME ${prefix}.every_function_is_covered
        COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/covered.sh" "${table}" "${functions}" ${column}
            ${transcripts})
    set_tests_properties(${prefix}.every_function_is_covered PROPERTIES
        FIXTURES_REQUIRED "${fixtures}")
endforeach()

# --- two interposers ------------------------------------------------------------------------------

cuda_program(beside_another_hook_of_dlsym ARGS NEIGHBOUR)

add_test(NAME cuda.two_schedulers_say_so COMMAND "${interposed}/warned.sh"
    "${xsched_cuda_library}" $<TARGET_FILE:cover_fills-program> $<TARGET_FILE:cover_fills-embedded>)
set_tests_properties(cuda.two_schedulers_say_so PROPERTIES
    ENVIRONMENT "LD_LIBRARY_PATH=${CUDASIM_DIR}/${cuda_newest}")

# --- drivers that are not as they should be -------------------------------------------------------

cuda_program(missing_driver LATE ENVIRONMENT LD_LIBRARY_PATH=)
cuda_program(old_driver ONLY 11.4)
cuda_program(streams_beside_held_ones HOST_GATE ENVIRONMENT CUDASIM_STREAMS=wait)
cuda_program(stall_is_resolved HOST_GATE
    ENVIRONMENT CUDASIM_LOADING=lazy XSCHED_GRACE_US=1000000 XSCHED_BUDGET_US=0)
