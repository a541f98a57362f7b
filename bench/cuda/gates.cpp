#include "gates.hpp"

#include <array>
#include <memory>

namespace {

constexpr unsigned kWait = CU_STREAM_WAIT_VALUE_GEQ;
/* CU_STREAM_WRITE_VALUE_NO_MEMORY_BARRIER is refused since CUDA 12 by these functions. */
constexpr unsigned kWrite = CU_STREAM_WRITE_VALUE_DEFAULT;

void wait(CUstream stream, const Word &word) {
    CU_OK(cuStreamWaitValue32(stream, word.address(), 1, kWait));
}

void write(CUstream stream, const Word &word) {
    CU_OK(cuStreamWriteValue32(stream, word.address(), 1, kWrite));
}

CUstreamBatchMemOpParams waiting(const Word &word) {
    CUstreamBatchMemOpParams operation{};
    operation.waitValue.operation = CU_STREAM_MEM_OP_WAIT_VALUE_32;
    operation.waitValue.address = word.address();
    operation.waitValue.value = 1;
    operation.waitValue.flags = kWait;
    return operation;
}

CUstreamBatchMemOpParams writing(const Word &word) {
    CUstreamBatchMemOpParams operation{};
    operation.writeValue.operation = CU_STREAM_MEM_OP_WRITE_VALUE_32;
    operation.writeValue.address = word.address();
    operation.writeValue.value = 1;
    operation.writeValue.flags = kWrite;
    return operation;
}

template <typename... Operations>
void batch(CUstream stream, Operations... operations) {
    std::array<CUstreamBatchMemOpParams, sizeof...(operations)> all{operations...};
    CU_OK(cuStreamBatchMemOp(stream, static_cast<unsigned>(all.size()), all.data(), 0));
}

/* Recorded again and again. */
class Event {
  public:
    Event() { CU_OK(cuEventCreate(&event_, CU_EVENT_DISABLE_TIMING)); }
    ~Event() { CU_OK(cuEventDestroy(event_)); }
    Event(const Event &) = delete;
    Event &operator=(const Event &) = delete;
    void record(CUstream stream) const { CU_OK(cuEventRecord(event_, stream)); }

  private:
    CUevent event_ = nullptr;
};

} // namespace

Words::Words() {
    const Stream stream;
    write(stream, host_open);
    write(stream, device_open);
    stream.synchronize();
}

std::vector<GateKind> gate_kinds(const Words &w) {
    const auto before = std::make_shared<Event>(), behind = std::make_shared<Event>();
    return {
        {"none", [](CUstream) {}},
        {"wait, host word", [&](CUstream s) { wait(s, w.host_open); }},
        {"wait, device word", [&](CUstream s) { wait(s, w.device_open); }},
        {"write, host word", [&](CUstream s) { write(s, w.host_before); }},
        {"write, device word", [&](CUstream s) { write(s, w.device_before); }},
        {"write, wait, write: three calls",
         [&](CUstream s) {
             write(s, w.host_before);
             wait(s, w.host_open);
             write(s, w.host_behind);
         }},
        {"write, wait, write: one batch",
         [&](CUstream s) {
             batch(s, writing(w.host_before), waiting(w.host_open), writing(w.host_behind));
         }},
        {"write, wait, write: one batch, waits for a device word",
         [&](CUstream s) {
             batch(s, writing(w.host_before), waiting(w.device_open), writing(w.host_behind));
         }},
        {"write, wait: one batch",
         [&](CUstream s) { batch(s, writing(w.host_before), waiting(w.host_open)); }},
        {"wait: a batch of one", [&](CUstream s) { batch(s, waiting(w.host_open)); }},
        {"event", [before](CUstream s) { before->record(s); }},
        {"event, wait, event",
         [&, before, behind](CUstream s) {
             before->record(s);
             wait(s, w.host_open);
             behind->record(s);
         }},
    };
}
