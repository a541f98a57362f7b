/*
 * What the soak's threads do round after round, each in a way of its own: what a round leaves in memory
 * is fixed by the thread's number and the round's, so two runs can be compared.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "device.hpp"
#include "queue.hpp"

#include <memory>
#include <string>

/* Device memory of one thread, and a hash over all that was read back from it. */
class Work {
  public:
    Work(const Device &device, uint32_t seed);
    ~Work();
    Work(const Work &) = delete;
    Work &operator=(const Work &) = delete;

    /* Commands of one round: ordered, dependent on each other, and on the rounds before. */
    void begin(CUstream stream);
    void part(CUstream stream, uint32_t round, uint32_t part);
    void read(CUstream stream);
    /* After everything above has completed: is what was read what it must be? */
    bool check(uint32_t round);

    uint64_t digest() const { return digest_; }

    static constexpr uint32_t kParts = 16;

  private:
    static constexpr uint32_t kWords = 1024;

    uint32_t value(uint32_t round, uint32_t part) const { return (seed_ + round) * kParts + part; }

    const Device &device_;
    const uint32_t seed_;
    uint32_t sum_ = 0; /* what each word must hold */
    const DeviceWords words_{kWords}, ledger_{kParts + 1};
    uint32_t *read_ = nullptr;
    uint64_t digest_ = 14695981039346656037u;
};

/* One thread's way. */
class Rounds {
  public:
    virtual ~Rounds() = default;
    virtual void round(uint32_t number) = 0; /* returns when all of it has completed */
    virtual void set_priority(Priority) {}

    Rounds(const Device &device, uint32_t seed) : device_(device), work_(device, seed) {}
    Rounds(const Rounds &) = delete;
    Rounds &operator=(const Rounds &) = delete;
    Work &work() { return work_; }

  protected:
    const Device &device_;
    Work work_;
};

/* "steady": one stream, whose priority changes; "churn": a stream of its own for each round; "graph":
 * captured and replayed; "two streams": parts alternate between streams, ordered by events. */
std::unique_ptr<Rounds> make_rounds(const std::string &way, const Device &device, uint32_t seed);
