// Stands in for libxsched in a program that is built without it, so that the rest of the source is
// the same: the calls go to a preloaded library, if there is one. Without it there is no scheduled
// mode.
#include <xsched.h>

#include <dlfcn.h>

namespace {

constexpr XResult kNone = kXSchedErrorNotSupported;

// Calls the next definition of a function of this file.
template <auto Function, typename Result, typename... Arguments>
Result forward(const char *name, Result otherwise, Arguments... arguments) {
    static const auto next = reinterpret_cast<decltype(Function)>(dlsym(RTLD_NEXT, name));
    return next != nullptr ? next(arguments...) : otherwise;
}

} // namespace

extern "C" {

const char *XSchedVersion(void) {
    return forward<XSchedVersion>("XSchedVersion", "none");
}
const char *XSchedLastErrorMessage(void) {
    return forward<XSchedLastErrorMessage>(
        "XSchedLastErrorMessage",
        "built without libxsched, and none is preloaded: there are no queues and no trace");
}

XResult XHintSetScheduler(XSchedulerType scheduler, XPolicyType policy) {
    return forward<XHintSetScheduler>("XHintSetScheduler", kNone, scheduler, policy);
}
XResult XHintPriority(XQueueHandle queue, Priority priority) {
    return forward<XHintPriority>("XHintPriority", kNone, queue, priority);
}
XResult HipQueueCreate(HwQueueHandle *hwq, hipStream_t stream) {
    return forward<HipQueueCreate>("HipQueueCreate", kNone, hwq, stream);
}
XResult CudaQueueCreate(HwQueueHandle *hwq, CUstream stream) {
    return forward<CudaQueueCreate>("CudaQueueCreate", kNone, hwq, stream);
}
XResult HwQueueDestroy(HwQueueHandle hwq) {
    return forward<HwQueueDestroy>("HwQueueDestroy", kNone, hwq);
}
XResult XQueueCreate(XQueueHandle *queue, HwQueueHandle hwq, int64_t level, int64_t flags) {
    return forward<XQueueCreate>("XQueueCreate", kNone, queue, hwq, level, flags);
}
XResult XQueueDestroy(XQueueHandle queue) {
    return forward<XQueueDestroy>("XQueueDestroy", kNone, queue);
}
XResult XQueueGetStats(XQueueHandle queue, XQueueStats *stats) {
    return forward<XQueueGetStats>("XQueueGetStats", kNone, queue, stats);
}
XResult XQueueSetLaunchConfig(XQueueHandle queue, int64_t threshold, int64_t batch_size) {
    return forward<XQueueSetLaunchConfig>("XQueueSetLaunchConfig", kNone, queue, threshold,
                                          batch_size);
}
XResult XQueueSetName(XQueueHandle queue, const char *name) {
    return forward<XQueueSetName>("XQueueSetName", kNone, queue, name);
}
XResult XSchedTraceStart(const char *path) {
    return forward<XSchedTraceStart>("XSchedTraceStart", kNone, path);
}
XResult XSchedTraceStop(void) {
    return forward<XSchedTraceStop>("XSchedTraceStop", kNone);
}

} // extern "C"
