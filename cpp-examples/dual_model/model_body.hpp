// What a model is made of, for the sources that make one.
#pragma once

#include "model.hpp"

#include <ATen/ATen.h>

#include <array>
#include <string>
#include <vector>

struct Model::Body {
    Body(int64_t batch_, uint64_t seed);

    std::string name;
    int64_t batch;
    std::vector<Layer> layers;

    // Where the layers compute.
    const at::Device device;
    at::Generator random;

    // Each request copies one of these.
    std::array<at::Tensor, 4> inputs;
    size_t request = 0;
    // What the next layer reads (the last one leaves the output there), and what the end of a
    // residual block adds to it.
    at::Tensor x, shortcut;
    // On a GPU the request ends with a copy of the output to here.
    at::Tensor host_output;
    std::array<at::Tensor, 4> references;

    // Drawn on the CPU, so that all devices get the same numbers.
    at::Tensor normal(at::IntArrayRef sizes, double deviation = 1);
    at::Tensor place(const at::Tensor &tensor) const { return tensor.to(device); }
    void add(std::string layer, std::function<void()> run);
};

// `depth` is 18 or 50.
void add_resnet(Model::Body &model, int depth);
void add_products(Model::Body &model, int64_t size);
