// The streams behind TorchStream, taken and given back by several threads at once.
#include "../programs/check.h"

#include <xsched/torch_stream_pool.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace {

constexpr int kThreads = 4;

struct Stream {
    std::atomic<bool> in_use{false};
};
using Pool = xsched::detail::TorchStreamPool<Stream *>;

std::array<Stream, kThreads> streams;
std::atomic<std::size_t> made{0};
std::atomic<int> started{0};

// A thread has what it took for itself; no more streams are needed than there are threads.
void take_and_give_back() {
    constexpr int kRounds = 100000;
    ++started;
    while (started < kThreads) {
        std::this_thread::yield();
    }
    for (int round = 0; round < kRounds; ++round) {
        Stream *stream = Pool::instance().take(0, 0);
        if (stream == nullptr) {
            const std::size_t index = made++;
            CHECK(index < streams.size());
            stream = &streams[index];
            Pool::instance().add(stream, 0, 0);
        }
        CHECK(!stream->in_use.exchange(true));
        stream->in_use = false;
        Pool::instance().give_back(stream);
    }
}

} // namespace

int main() {
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back(take_and_give_back);
    }
    for (auto &thread : threads) {
        thread.join();
    }
    return 0;
}
