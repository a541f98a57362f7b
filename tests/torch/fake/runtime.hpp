// A GPU's runtime with two devices. The file that includes this defines GPU(name), which puts the
// runtime's prefix in front, and GPU_STREAM, the type behind a stream.
#include "journal.hpp"

#include <cstdint>

enum GPU(Error_t) { GPU(Success) = 0, GPU(ErrorUnknown) = 999 };
using GPU(Stream_t) = GPU_STREAM *;
constexpr unsigned GPU(StreamNonBlocking) = 1;

inline GPU(Error_t) fake_result(const std::string &name, const std::string &arguments = "") {
    return fake::call(name, arguments) ? GPU(Success) : GPU(ErrorUnknown);
}

inline const char *GPU(GetErrorString)(GPU(Error_t)) {
    return "it is broken";
}
inline GPU(Error_t) GPU(GetLastError)() {
    return fake_result("GetLastError");
}
inline GPU(Error_t) GPU(GetDeviceCount)(int *count) {
    *count = 2;
    return fake_result("GetDeviceCount");
}
inline GPU(Error_t) GPU(GetDevice)(int *device) {
    *device = fake::current_device;
    return fake_result("GetDevice");
}
inline GPU(Error_t) GPU(DeviceGetStreamPriorityRange)(int *least, int *greatest) {
    *least = 0;
    *greatest = -5;
    return fake_result("DeviceGetStreamPriorityRange");
}
inline GPU(Error_t)
    GPU(StreamCreateWithPriority)(GPU(Stream_t) * stream, unsigned flags, int priority) {
    const auto result = fake_result("StreamCreateWithPriority",
                                    std::to_string(flags) + " " + std::to_string(priority) +
                                        " device " + std::to_string(fake::current_device));
    if (result == GPU(Success)) {
        static std::uintptr_t last = 0x5000;
        *stream = reinterpret_cast<GPU(Stream_t)>(++last);
        fake::streams.insert(*stream);
    }
    return result;
}
inline GPU(Error_t) GPU(StreamSynchronize)(GPU(Stream_t)) {
    return fake_result("StreamSynchronize");
}
inline GPU(Error_t) GPU(StreamDestroy)(GPU(Stream_t) stream) {
    fake::streams.erase(stream);
    return fake_result("StreamDestroy");
}
