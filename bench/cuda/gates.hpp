/*
 * Ways to make a gate out of a driver's stream operations, to be compared.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "device.hpp"

#include <functional>
#include <string>
#include <vector>

/* A word that streams wait for and write to: in mapped host memory, or in the device's own. */
class Word {
  public:
    enum class Place { host, device };

    explicit Word(Place place) : place_(place) {}

    CUdeviceptr address() const {
        return place_ == Place::host ? host_.address(0) : device_.address();
    }
    /* By the host itself; a word of the device's own memory it cannot reach. */
    void store(uint32_t value) const { host_[0].store(value); }

  private:
    const Mapped host_{1};
    const DeviceWords device_{1};
    const Place place_;
};

/* Open words to wait for, and scratch words to write to. Freed memory is never written to: the words
 * live longer than the gates. */
struct Words {
    const Word host_open{Word::Place::host}, host_before{Word::Place::host},
        host_behind{Word::Place::host};
    const Word device_open{Word::Place::device}, device_before{Word::Place::device},
        device_behind{Word::Place::device};
    Words();
};

struct GateKind {
    std::string name;
    std::function<void(CUstream)> place;
};

/* The first is none at all. */
std::vector<GateKind> gate_kinds(const Words &words);
