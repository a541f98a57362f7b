/*
 * Endurance: threads that use streams in different ways while priorities change places every second.
 * Every result is checked, and hashed so that a run can be compared with one without libxsched; memory
 * that grows and threads that stop moving end the run with an error.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "report.hpp"
#include "soak_work.hpp"
#include "stacks.hpp"

#include <deque>
#include <fstream>
#include <thread>
#include <utility>

#include <unistd.h>

namespace {

struct Options : RunOptions {
    double seconds = 60;
    double growth_mib = 16;
    double hang_s = 30;
};

/* A hash after so many rounds of a thread. */
using Digests = std::vector<std::pair<int64_t, uint64_t>>;

class Worker {
  public:
    Worker(const Device &device, const std::string &way, uint32_t seed)
        : way_(way), rounds_way_(make_rounds(way, device, seed)),
          thread_([this, &device] { run(device); }) {}
    ~Worker() { join(); }
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    void stop() { stop_.store(true); }
    void join() {
        if (thread_.joinable()) {
            thread_.join();
        }
    }
    void set_priority(Priority priority) { rounds_way_->set_priority(priority); }

    const std::string &way() const { return way_; }
    int64_t rounds() const { return rounds_.load(); }
    int64_t wrong() const { return wrong_.load(); }
    const Digests &digests() const { return digests_; } /* after join() */

  private:
    void run(const Device &device) {
        device.make_current();
        int64_t next_digest = 1;
        for (uint32_t number = 0; !stop_.load(); number++) {
            rounds_way_->round(number);
            wrong_.fetch_add(rounds_way_->work().check(number) ? 0 : 1);
            if (rounds_.fetch_add(1) + 1 == next_digest) {
                digests_.emplace_back(next_digest, rounds_way_->work().digest());
                next_digest *= 2;
            }
            // The device is not always full: queues become idle, and the others' turn comes.
            std::this_thread::sleep_for(std::chrono::microseconds(number % 7 * 200));
        }
    }

    const std::string way_;
    const std::unique_ptr<Rounds> rounds_way_;
    std::atomic<bool> stop_{false};
    std::atomic<int64_t> rounds_{0}, wrong_{0};
    Digests digests_;
    std::thread thread_;
};

double resident_mib() {
    std::ifstream statm("/proc/self/statm");
    double all = 0, resident = 0;
    statm >> all >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

double device_used_mib() {
    size_t free = 0, total = 0;
    CU_OK(cuMemGetInfo(&free, &total));
    return static_cast<double>(total - free) / (1 << 20);
}

struct Memory {
    double host_mib, device_mib;
    static Memory now() { return {resident_mib(), device_used_mib()}; }
};

/* Ends the process if a thread has not come round for so long. */
class Watch {
  public:
    Watch(const std::deque<Worker> &workers, double hang_s) : workers_(workers), hang_s_(hang_s) {
        moved_.assign(workers.size(), {0, Clock::now()});
    }
    void look() {
        for (size_t i = 0; i < workers_.size(); i++) {
            const int64_t rounds = workers_[i].rounds();
            if (rounds != moved_[i].first) {
                moved_[i] = {rounds, Clock::now()};
            } else if (us_since(moved_[i].second) > hang_s_ * 1e6) {
                std::fprintf(stderr, "soak: '%s' hangs in round %lld\n", workers_[i].way().c_str(),
                             static_cast<long long>(rounds));
                print_stacks();
                _exit(3); // what hangs would not let go of anything
            }
        }
    }

  private:
    const std::deque<Worker> &workers_;
    const double hang_s_;
    std::vector<std::pair<int64_t, Clock::time_point>> moved_;
};

void print_progress(double s, const std::deque<Worker> &workers, const Memory &memory) {
    std::fprintf(stderr, "%6.0f s  host %.1f MiB  device %.1f MiB ", s, memory.host_mib,
                 memory.device_mib);
    for (const Worker &worker : workers) {
        std::fprintf(stderr, " %s %lld", worker.way().c_str(),
                     static_cast<long long>(worker.rounds()));
    }
    std::fputc('\n', stderr);
}

void write_workers(Json &json, const std::deque<Worker> &workers) {
    json.array("workers", [&] {
        for (const Worker &worker : workers) {
            json.object_element([&] {
                json.member("way", worker.way());
                json.member("rounds", worker.rounds());
                json.member("wrong", worker.wrong());
                json.array("digests", [&] {
                    for (const auto &[rounds, digest] : worker.digests()) {
                        json.element(std::to_string(rounds) + ":" + std::to_string(digest));
                    }
                });
            });
        }
    });
}

} // namespace

int main(int argc, char **argv) {
    Options options;
    options.parse_all(
        argc, argv,
        "Threads that use streams, graphs and events in different ways while priorities change\n"
        "places every second; results are checked, memory and progress are watched.",
        {
            {"--seconds", "S", "how long [60]",
             [&](const auto &text) { options.seconds = number(text, 0.1, 1e6); }},
            {"--growth-mib", "MIB", "fail if memory grows by more after a tenth of the time [16]",
             [&](const auto &text) { options.growth_mib = number(text, 0, 1e6); }},
            {"--hang", "S", "fail if a thread does not come round for so long [30]",
             [&](const auto &text) { options.hang_s = number(text, 0.1, 1e6); }},
        });
    Queue::schedule_by_priority();
    const Device device;
    std::deque<Worker> workers; // they do not move
    uint32_t seed = 0;
    for (const char *way : {"steady", "steady", "churn", "churn", "graph", "two streams"}) {
        workers.emplace_back(device, way, seed++);
    }
    Watch watch(workers, options.hang_s);
    Memory warm{0, 0};
    double printed_s = 0, swapped_s = 0;
    Priority first = 10, second = 1;
    const auto begin = Clock::now();
    for (double s = 0; s < options.seconds; s = us_since(begin) / 1e6) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        if (s - swapped_s >= 1) {
            swapped_s = s;
            workers[0].set_priority(first);
            workers[1].set_priority(second);
            std::swap(first, second);
        }
        if (warm.host_mib == 0 && s >= options.seconds / 10) {
            warm = Memory::now();
        }
        if (s - printed_s >= 10) {
            printed_s = s;
            print_progress(s, workers, Memory::now());
        }
        watch.look();
    }
    const Memory end = Memory::now();
    for (Worker &worker : workers) {
        worker.stop();
    }
    for (Worker &worker : workers) {
        worker.join();
    }
    int64_t wrong = 0;
    for (const Worker &worker : workers) {
        wrong += worker.wrong();
    }
    write_report("cuda_soak", options, device, [&](Json &json) {
        json.member("seconds", options.seconds);
        json.member("host_growth_mib", end.host_mib - warm.host_mib);
        json.member("device_growth_mib", end.device_mib - warm.device_mib);
        write_workers(json, workers);
    });
    if (wrong != 0) {
        fail("soak", "results are wrong");
    }
    if (end.host_mib - warm.host_mib > options.growth_mib ||
        end.device_mib - warm.device_mib > options.growth_mib) {
        fail("soak", "memory grows");
    }
    return 0;
}
