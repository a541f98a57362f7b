#include "flood.hpp"

Observer::Observer(const Device &device)
    : yields_(device.stand_in()), thread_([this] { look(); }) {}

Observer::~Observer() {
    stop_.store(true);
    thread_.join();
}

void Observer::look() {
    uint32_t seen_start = 0, seen_end = 0;
    const auto note = [](uint32_t now, uint32_t &seen, Ticks &ticks) {
        if (now != seen) {
            seen = now;
            ticks.store(Clock::now().time_since_epoch().count(), std::memory_order_release);
        }
    };
    while (!stop_.load(std::memory_order_relaxed)) {
        note(started(), seen_start, start_);
        note(ended(), seen_end, end_);
        if (yields_) {
            std::this_thread::yield();
        }
    }
}

Flood::Flood(const Device &device, const Stream &stream, const Observer &observer,
             uint32_t outstanding, std::function<void(uint32_t)> launch)
    : thread_([this, &device, &stream, &observer, outstanding, launch = std::move(launch)] {
          device.make_current();
          for (uint32_t index = 1; !stop_.load(); index++) {
              while (index - observer.ended() > outstanding && !stop_.load()) {
                  std::this_thread::yield();
              }
              launch(index);
          }
          stream.synchronize();
      }) {}

Flood::~Flood() {
    stop_.store(true);
    thread_.join();
}
