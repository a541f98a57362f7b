// ResNet-18 and ResNet-50 (He et al., 2015) as flat lists of layers, so that a device can be given
// one command per layer. Weights and inputs are random but seeded: every run computes the same.
//
// A model has one set of activations: at most one request of it may be on the device at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

// The first use on a thread makes LibTorch compute on that thread alone: an execution unit is one
// core, and what it runs must not spread over the others.
void use_one_core();

// "1.13.0"
std::string libtorch_version();

struct Layer {
    std::string name;
    std::function<void()> run;
};

class ResNet {
  public:
    // `depth` is 18 or 50. Computes the reference outputs right here, without any device.
    ResNet(int depth, int64_t batch, uint64_t seed);
    ~ResNet();

    const std::string &name() const;
    int64_t batch() const;
    // The first layer copies the input to the device, the last one leaves the output.
    const std::vector<Layer> &layers() const;

    // Chooses one of a few inputs by the request's number, so that an output left over from the
    // request before cannot pass for the right one.
    void set_request(uint64_t number);
    // True if the output of the last request has exactly the reference's bits.
    bool output_is_exact() const;
    // Of the reference outputs' bits, to compare runs of the program with each other.
    uint64_t digest() const;

  private:
    struct Model;
    std::unique_ptr<Model> model_;
};
