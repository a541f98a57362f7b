// Stands in for libxsched in a program that is built without it, so that the rest of the source is
// the same: there is no scheduled mode, and HIP calls go straight to the runtime, or to a preloaded
// libxsched_hip.so, of which such a program knows nothing.
#include <xsched.h>

namespace {

constexpr XResult kNone = kXSchedErrorNotSupported;

} // namespace

extern "C" {

const char *XSchedVersion(void) {
    return "none";
}
const char *XSchedLastErrorMessage(void) {
    return "built without libxsched: there are only the modes standalone and native, and no trace";
}

XResult XHintSetScheduler(XSchedulerType, XPolicyType) {
    return kNone;
}
XResult XHintPriority(XQueueHandle, Priority) {
    return kNone;
}
XResult HipQueueCreate(HwQueueHandle *, hipStream_t) {
    return kNone;
}
XResult XQueueCreate(XQueueHandle *, HwQueueHandle, int64_t, int64_t) {
    return kNone;
}
XResult XQueueDestroy(XQueueHandle) {
    return kNone;
}
XResult XQueueGetStats(XQueueHandle, XQueueStats *) {
    return kNone;
}
XResult XQueueSetLaunchConfig(XQueueHandle, int64_t, int64_t) {
    return kNone;
}
XResult XQueueSetName(XQueueHandle, const char *) {
    return kNone;
}
XResult XSchedTraceStart(const char *) {
    return kNone;
}
XResult XSchedTraceStop(void) {
    return kNone;
}

} // extern "C"
