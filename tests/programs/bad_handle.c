/*
 * Every function that takes a handle, with every kind of wrong handle: zero, forged, of another
 * kind, destroyed. Each call returns NotFound, names the argument and writes no output.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bad_input.h"

#include <pthread.h>

/* Valid handles for the arguments that are not under test. */
static HwQueueHandle stream;
static XQueueHandle queue;
static HwCommandHandle command;
static HostEventHandle event;

/* Outputs of the calls below; none of them may change. */
static struct {
    uint64_t handle;
    int64_t count;
    int32_t completed;
    XQueueState state;
    XQueueStats stats;
} out, out_before;

typedef XResult (*CallWithHandle)(uint64_t bad);

/* A function and the argument that is wrong. */
typedef struct {
    const char *function;
    const char *argument;
    CallWithHandle call;
} Row;

#define CALLS_WITH_QUEUE(CALL)                                                                     \
    CALL(XQueueDestroy, xq, (bad))                                                                 \
    CALL(XQueueSetPreemptLevel, xq, (bad, kPreemptLevelBlock))                                     \
    CALL(XQueueSetLaunchConfig, xq, (bad, 4, 2))                                                   \
    CALL(XQueueSubmit, xq, (bad, command))                                                         \
    CALL(XQueueWait, xq, (bad, command))                                                           \
    CALL(XQueueWaitAll, xq, (bad))                                                                 \
    CALL(XQueueQuery, xq, (bad, &out.state))                                                       \
    CALL(XQueueSuspend, xq, (bad, kQueueSuspendFlagMaskAll))                                       \
    CALL(XQueueResume, xq, (bad, kQueueResumeFlagDropCommands))                                    \
    CALL(XQueueProfileHwCommandCount, xq, (bad, &out.count))                                       \
    CALL(XQueueGetStats, xq, (bad, &out.stats))                                                    \
    CALL(XQueueSetName, xq, (bad, "name"))                                                         \
    CALL(XHintPriority, xq, (bad, PRIORITY_MAX))                                                   \
    CALL(XHintUtilization, xq, (bad, UTILIZATION_DEFAULT))                                         \
    CALL(XHintLaxity, xq, (bad, NO_LAXITY, PRIORITY_MIN, PRIORITY_MAX))                            \
    CALL(XHintDeadline, xq, (bad, NO_DEADLINE))

#define CALLS_WITH_STREAM(CALL)                                                                    \
    CALL(XQueueCreate, hwq, (&out.handle, bad, kPreemptLevelBlock, kQueueCreateFlagNone))          \
    CALL(XQueueGet, hwq, (&out.handle, bad))                                                       \
    CALL(HwQueueDestroy, hwq, (bad))                                                               \
    CALL(HwQueueSynchronize, hwq, (bad))                                                           \
    CALL(HwQueueLaunch, hwq, (bad, command))                                                       \
    CALL(HostQueueLaunch, hwq, (bad, succeed, NULL))                                               \
    CALL(HostQueueDelay, hwq, (bad, 1))                                                            \
    CALL(HostEventRecord, hwq, (event, bad))                                                       \
    CALL(HostQueueWaitEvent, hwq, (bad, event))

#define CALLS_WITH_COMMAND(CALL)                                                                   \
    CALL(XQueueSubmit, hw_cmd, (queue, bad))                                                       \
    CALL(XQueueWait, hw_cmd, (queue, bad))                                                         \
    CALL(HwQueueLaunch, hw_cmd, (stream, bad))                                                     \
    CALL(HwCommandDestroy, hw_cmd, (bad))

#define CALLS_WITH_EVENT(CALL)                                                                     \
    CALL(HostEventDestroy, event, (bad))                                                           \
    CALL(HostEventRecord, event, (bad, stream))                                                    \
    CALL(HostQueueWaitEvent, event, (stream, bad))                                                 \
    CALL(HostEventQuery, event, (bad, &out.completed))                                             \
    CALL(HostEventSynchronize, event, (bad))

#define DEFINE_CALL(function, argument, arguments)                                                 \
    static XResult function##_bad_##argument(uint64_t bad) {                                       \
        return function arguments;                                                                 \
    }
#define ROW(function, argument, arguments) {#function, #argument, function##_bad_##argument},

/* clang-format off: it takes these lines for one expression. */
CALLS_WITH_QUEUE(DEFINE_CALL)
CALLS_WITH_STREAM(DEFINE_CALL)
CALLS_WITH_COMMAND(DEFINE_CALL)
CALLS_WITH_EVENT(DEFINE_CALL)

static const Row with_queue[] = {CALLS_WITH_QUEUE(ROW)};
static const Row with_stream[] = {CALLS_WITH_STREAM(ROW)};
static const Row with_command[] = {CALLS_WITH_COMMAND(ROW)};
static const Row with_event[] = {CALLS_WITH_EVENT(ROW)};
/* clang-format on */

static void check_rows(const Row *rows, size_t count, const char *kind, uint64_t bad) {
    for (size_t i = 0; i < count; i++) {
        const XResult result = rows[i].call(bad);
        if (result != kXSchedErrorNotFound) {
            fprintf(stderr, "with a handle that is %s (%#llx):\n", kind, (unsigned long long)bad);
        }
        check_refused(__FILE__, __LINE__, rows[i].function, kXSchedErrorNotFound, rows[i].argument,
                      result);
        CHECK(memcmp(&out, &out_before, sizeof(out)) == 0);
    }
}

#define CHECK_ROWS(rows, kind, bad) check_rows(rows, sizeof(rows) / sizeof((rows)[0]), kind, bad)

static void forged(void) {
    const struct {
        const char *kind;
        uint64_t value;
    } bad[] = {
        {"zero", 0},
        {"a small number", 77},
        {"all ones", UINT64_MAX},
        {"the sign bit", (uint64_t)1 << 63},
        {"an address", (uint64_t)(uintptr_t)&out},
        {"next to a queue", queue + 1000000},
        {"a queue with a bit flipped", queue ^ ((uint64_t)1 << 62)},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK_ROWS(with_queue, bad[i].kind, bad[i].value);
        CHECK_ROWS(with_stream, bad[i].kind, bad[i].value);
        CHECK_ROWS(with_command, bad[i].kind, bad[i].value);
        CHECK_ROWS(with_event, bad[i].kind, bad[i].value);
    }
}

static void of_another_kind(void) {
    CHECK_ROWS(with_queue, "a stream", stream);
    CHECK_ROWS(with_queue, "a command", command);
    CHECK_ROWS(with_queue, "an event", event);
    CHECK_ROWS(with_stream, "a queue", queue);
    CHECK_ROWS(with_stream, "a command", command);
    CHECK_ROWS(with_stream, "an event", event);
    CHECK_ROWS(with_command, "a queue", queue);
    CHECK_ROWS(with_command, "a stream", stream);
    CHECK_ROWS(with_command, "an event", event);
    CHECK_ROWS(with_event, "a queue", queue);
    CHECK_ROWS(with_event, "a stream", stream);
    CHECK_ROWS(with_event, "a command", command);
}

static void open_all(void) {
    CHECK_OK(HostQueueCreate(&stream, PRIORITY_DEFAULT));
    CHECK_OK(XQueueCreate(&queue, stream, kPreemptLevelBlock, kQueueCreateFlagNone));
    CHECK_OK(HwCommandCreateCallback(&command, succeed, NULL));
    CHECK_OK(HostEventCreate(&event));
}

static void close_all(void) {
    CHECK_OK(HostEventDestroy(event));
    CHECK_OK(HwCommandDestroy(command));
    CHECK_OK(XQueueDestroy(queue));
    CHECK_OK(HwQueueDestroy(stream));
}

/* Destroyed handles stay unknown, also when new objects have taken the place of the old ones. */
static void destroyed(void) {
    const uint64_t old[] = {queue, stream, command, event};
    close_all();
    open_all();
    CHECK_ROWS(with_queue, "a destroyed queue", old[0]);
    CHECK_ROWS(with_stream, "a destroyed stream", old[1]);
    CHECK_ROWS(with_command, "a destroyed command", old[2]);
    CHECK_ROWS(with_event, "a destroyed event", old[3]);
}

/* The library may cache the stream a thread used last: used before it was destroyed, used from
 * another thread, or destroyed by another thread makes no difference. */
static void *use_and_destroy(void *unused) {
    (void)unused;
    CHECK_OK(HostQueueLaunch(stream, succeed, NULL));
    close_all();
    return NULL;
}

static void destroyed_by_another_thread(void) {
    const uint64_t old[] = {queue, stream, command, event};
    pthread_t thread;
    CHECK_OK(HostQueueLaunch(stream, succeed, NULL));
    CHECK_OK(HostEventRecord(event, stream));
    CHECK(pthread_create(&thread, NULL, use_and_destroy, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    open_all();
    CHECK_ROWS(with_stream, "destroyed by another thread", old[1]);
    CHECK_ROWS(with_queue, "destroyed by another thread", old[0]);
    CHECK_ROWS(with_command, "destroyed by another thread", old[2]);
    CHECK_ROWS(with_event, "destroyed by another thread", old[3]);
}

/* After all that the valid objects still work. */
static void valid_ones_survive(void) {
    CHECK_OK(XQueueSubmit(queue, command));
    CHECK_OK(XQueueWait(queue, command));
    CHECK_OK(HostEventRecord(event, stream));
    CHECK_OK(HostEventSynchronize(event));
    CHECK_OK(HwQueueSynchronize(stream));
}

int main(void) {
    memset(&out, 0x5A, sizeof(out));
    out_before = out;
    open_all();
    RUN(forged());
    RUN(of_another_kind());
    RUN(valid_ones_survive());
    RUN(destroyed());
    RUN(valid_ones_survive());
    RUN(destroyed_by_another_thread());
    RUN(valid_ones_survive());
    close_all();
    return 0;
}
