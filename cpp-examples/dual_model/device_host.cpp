// libxsched's software device.
#include "device.hpp"

#include "stream.hpp" // check

#include <fstream>
#include <utility>

namespace {

using Work = std::function<void()>;

XResult run(HwQueueHandle, void *work) {
    (*std::unique_ptr<Work>(static_cast<Work *>(work)))();
    return kXSchedSuccess;
}

} // namespace

std::string device_name() {
    std::string line;
    std::ifstream cpus("/proc/cpuinfo");
    while (std::getline(cpus, line)) {
        if (line.rfind("model name", 0) == 0) {
            return "software device (" + line.substr(line.find(": ") + 2) + ")";
        }
    }
    return "software device";
}

struct DeviceStream::Native {
    HwQueueHandle stream;
};

DeviceStream::DeviceStream() : native_(std::make_unique<Native>()) {
    check(HostQueueCreate(&native_->stream, PRIORITY_DEFAULT));
}

DeviceStream::~DeviceStream() {
    (void)HwQueueDestroy(native_->stream);
}

void DeviceStream::launch(Work work) {
    auto command = std::make_unique<Work>(std::move(work));
    check(HostQueueLaunch(native_->stream, run, command.get()));
    (void)command.release(); // `run` owns it, and may have freed it already
}

void DeviceStream::synchronize() {
    check(HwQueueSynchronize(native_->stream));
}

HwQueueHandle DeviceStream::handle() {
    return native_->stream;
}
