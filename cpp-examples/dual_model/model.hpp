// A model as a flat list of layers, so that a device can be given one command per layer. Weights and
// inputs are random but seeded: every run computes the same.
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

class Model {
  public:
    // `load` is resnet18, resnet50, or productsN for products of matrices of N rows. Computes the
    // reference outputs right here, before there are any streams to schedule.
    Model(const std::string &load, int64_t batch, uint64_t seed);
    ~Model();

    const std::string &name() const;
    int64_t batch() const;
    const std::vector<Layer> &layers() const;

    // Chooses one of a few inputs by the request's number, so that an output left over from the
    // request before cannot pass for the right one.
    void set_request(uint64_t number);
    // True if the output of the last request has exactly the reference's bits.
    bool output_is_exact() const;
    // Of the reference outputs' bits, to compare runs of the program with each other.
    uint64_t digest() const;

    struct Body;

  private:
    std::unique_ptr<Body> body_;
};
