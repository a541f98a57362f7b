/*
 * What gates of different making cost a stream, the thread that places them, and how soon the device
 * sees them open and close. Needs no libxsched: it is how the cheapest gate is found.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "flood.hpp"
#include "gates.hpp"
#include "report.hpp"

#include <random>

namespace {

struct Options : RunOptions {
    std::vector<double> kernels_us{2, 5, 20, 100};
    double burst_ms = 10;
    int rounds = 5;
    int stores = 300;
};

constexpr int kCalls = 100; /* few enough for any driver's backlog, a batch of three among them */

struct Row {
    double kernel_us;
    std::string kind;
    std::vector<double> wall_us; /* per kernel with a gate in front of it */
};

struct Calls {
    std::string kind;
    std::vector<double> call_us;
};

double wall_us(const Device &device, const Stream &stream, double us, const GateKind &kind,
               const Options &options) {
    const int count = static_cast<int>(options.burst_ms * 1000 / us) + 1;
    const auto begin = Clock::now();
    for (int i = 0; i < count; i++) {
        kind.place(stream);
        device.launch(stream, us);
    }
    stream.synchronize();
    return us_since(begin) / count;
}

/* The kinds take turns in each round, so that a drift of the machine is in all of them. */
std::vector<Row> per_kernel(const Device &device, const std::vector<GateKind> &kinds,
                            const Options &options) {
    const Stream stream;
    std::vector<Row> rows;
    for (const double us : options.kernels_us) {
        const size_t first = rows.size();
        for (const GateKind &kind : kinds) {
            rows.push_back({us, kind.name, {}});
            wall_us(device, stream, us, kind, options);
        }
        for (int round = 0; round < options.rounds; round++) {
            for (size_t i = 0; i < kinds.size(); i++) {
                rows[first + i].wall_us.push_back(wall_us(device, stream, us, kinds[i], options));
            }
        }
    }
    return rows;
}

std::vector<Calls> per_call(const std::vector<GateKind> &kinds, const Options &options) {
    const Stream stream;
    std::vector<Calls> all;
    for (const GateKind &kind : kinds) {
        Calls calls{kind.name, {}};
        for (int round = 0; round < options.rounds * 4; round++) {
            const auto begin = Clock::now();
            for (int i = 0; i < kCalls; i++) {
                kind.place(stream);
            }
            calls.call_us.push_back(us_since(begin) / kCalls);
            stream.synchronize();
        }
        all.push_back(calls);
    }
    return all;
}

/* A way to change the word at which a stream stands. */
struct Setter {
    std::string name;
    Word::Place place;
    std::function<void(const Word &, uint32_t)> set;
};

std::vector<Setter> setters(const Stream &high) {
    return {
        {"host word, stored by the host", Word::Place::host,
         [](const Word &word, uint32_t value) { word.store(value); }},
        {"device word, cuStreamWriteValue32 on another stream", Word::Place::device,
         [&](const Word &word, uint32_t value) {
             CU_OK(
                 cuStreamWriteValue32(high, word.address(), value, CU_STREAM_WRITE_VALUE_DEFAULT));
         }},
        {"device word, cuMemcpyHtoDAsync on another stream", Word::Place::device,
         [&](const Word &word, uint32_t value) {
             CU_OK(cuMemcpyHtoDAsync(word.address(), &value, sizeof value, high));
         }},
        {"device word, cuMemsetD32Async on another stream", Word::Place::device,
         [&](const Word &word, uint32_t value) {
             CU_OK(cuMemsetD32Async(word.address(), value, 1, high));
         }},
    };
}

struct Reaction {
    std::string setter;
    std::vector<double> open_us;       /* until the device answers that it has passed */
    std::vector<double> close_us;      /* until the last kernel starts */
    std::vector<double> still_started; /* kernels that start after the closing began */
};

/* From opening a word to the answer that a stream behind it writes. */
void measure_opening(const Setter &setter, const Options &options, Reaction &reaction) {
    const Stream stream;
    const Word word(setter.place);
    const Mapped answer(1);
    for (int i = 1; i <= options.stores; i++) {
        const auto value = static_cast<uint32_t>(i);
        CU_OK(cuStreamWaitValue32(stream, word.address(), value, CU_STREAM_WAIT_VALUE_GEQ));
        CU_OK(
            cuStreamWriteValue32(stream, answer.address(0), value, CU_STREAM_WRITE_VALUE_DEFAULT));
        spin_host(50); // the stream stands at the word
        const auto begin = Clock::now();
        setter.set(word, value);
        while (answer[0].load() != value) {
        }
        reaction.open_us.push_back(us_since(begin));
    }
    stream.synchronize();
}

/* From closing a word to the start of the last kernel of a flood that has it in front of each. */
void measure_closing(const Device &device, const Setter &setter, const Options &options,
                     Reaction &reaction) {
    constexpr double kKernel_us = 5;
    const Stream stream(device.least_priority());
    const Word word(setter.place);
    setter.set(word, 1);
    CU_OK(cuCtxSynchronize());
    const Observer observer(device);
    const Flood flood(device, stream, observer, outstanding(kKernel_us), [&](uint32_t index) {
        CU_OK(cuStreamWaitValue32(stream, word.address(), 1, CU_STREAM_WAIT_VALUE_GEQ));
        device.launch_counted(stream, kKernel_us, observer.counters(), index);
    });
    std::minstd_rand random(1);
    std::uniform_real_distribution<> pause_us(500, 1500);
    for (int i = 0; i < options.stores; i++) {
        std::this_thread::sleep_for(Microseconds(pause_us(random)));
        const uint32_t started = observer.started();
        const auto begin = Clock::now();
        setter.set(word, 0);
        spin_host(200);
        reaction.close_us.push_back(std::max(us_between(begin, observer.last_start()), 0.0));
        reaction.still_started.push_back(observer.started() - started);
        setter.set(word, 1);
    }
}

std::vector<Reaction> reactions(const Device &device, const Options &options) {
    const Stream high(device.greatest_priority());
    std::vector<Reaction> all;
    for (const Setter &setter : setters(high)) {
        Reaction reaction{setter.name, {}, {}, {}};
        measure_opening(setter, options, reaction);
        measure_closing(device, setter, options, reaction);
        all.push_back(reaction);
    }
    return all;
}

void write_members(Json &json, const std::vector<Row> &rows, const std::vector<Calls> &calls,
                   const std::vector<Reaction> &reactions) {
    json.array("gates", [&] {
        for (const Row &row : rows) {
            json.object_element([&] {
                json.member("kernel_us", row.kernel_us);
                json.member("kind", row.kind);
                write(json, "wall_us", row.wall_us);
            });
        }
    });
    json.array("calls", [&] {
        for (const Calls &call : calls) {
            json.object_element([&] {
                json.member("kind", call.kind);
                write(json, "call_us", call.call_us);
            });
        }
    });
    json.array("reactions", [&] {
        for (const Reaction &reaction : reactions) {
            json.object_element([&] {
                json.member("setter", reaction.setter);
                write(json, "open_us", reaction.open_us);
                write(json, "close_us", reaction.close_us);
                write(json, "still_started", reaction.still_started);
            });
        }
    });
}

} // namespace

int main(int argc, char **argv) {
    Options options;
    options.parse_all(
        argc, argv, "What gates of different making cost, and how soon the device sees them.",
        {
            {"--kernels", "US,...", "lengths of kernels [2,5,20,100]",
             [&](const auto &text) { options.kernels_us = numbers(text, 1, 1e6); }},
            {"--burst-ms", "MS", "work that is launched and waited for at a time [10]",
             [&](const auto &text) { options.burst_ms = number(text, 0.1, 1e5); }},
            {"--rounds", "N", "how often the kinds take turns [5]",
             [&](const auto &text) { options.rounds = static_cast<int>(number(text, 1, 1e5)); }},
            {"--stores", "N", "how often a word is opened and closed [300]",
             [&](const auto &text) { options.stores = static_cast<int>(number(text, 1, 1e6)); }},
        });
    const Device device;
    const Words words;
    const auto kinds = gate_kinds(words);
    const auto rows = per_kernel(device, kinds, options);
    const auto calls = per_call(kinds, options);
    const auto seen = reactions(device, options);
    write_report("cuda_gate_cost", options, device,
                 [&](Json &json) { write_members(json, rows, calls, seen); });
    return 0;
}
