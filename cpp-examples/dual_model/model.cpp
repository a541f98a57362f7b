#include "model_body.hpp"

#include "device.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <torch/version.h>

#include <cstring>
#include <stdexcept>
#include <utility>

namespace {

constexpr int64_t kLargestProduct = 32768;

void add_layers(Model::Body &model, const std::string &load) {
    const std::string products = "products";
    if (load == "resnet18" || load == "resnet50") {
        return add_resnet(model, load == "resnet18" ? 18 : 50);
    }
    if (load.rfind(products, 0) == 0 && load.size() <= products.size() + 5) {
        const int64_t size = std::atoll(load.c_str() + products.size());
        if (size > 0 && size <= kLargestProduct) {
            return add_products(model, size);
        }
    }
    throw std::invalid_argument("there is no load '" + load +
                                "', but resnet18, resnet50 and productsN with a number N");
}

void compute_references(Model::Body &model) {
    for (model.request = 0; model.request < model.references.size(); ++model.request) {
        for (const auto &layer : model.layers) {
            layer.run();
        }
        model.references[model.request] = model.x.cpu();
    }
    model.request = 0;
}

// As a server would, a GPU's request ends with its output in the memory of the host.
void add_copy_of_output(Model::Body &model) {
    const auto options = model.x.options().device(at::kCPU).pinned_memory(true);
    model.host_output = at::empty(model.x.sizes(), options);
    model.add("copy_output", [&model] { model.host_output.copy_(model.x, true); });
}

} // namespace

Model::Body::Body(int64_t batch_, uint64_t seed)
    : batch(batch_), device(is_gpu() ? at::kCUDA : at::kCPU),
      random(at::detail::createCPUGenerator(seed)) {}

at::Tensor Model::Body::normal(at::IntArrayRef sizes, double deviation) {
    return at::randn(sizes, random).mul_(deviation);
}

void Model::Body::add(std::string layer, std::function<void()> run) {
    layers.push_back({std::move(layer), [run = std::move(run)] {
                          use_one_core();
                          const at::NoGradGuard no_grad; // a property of the thread
                          run();
                      }});
}

void use_one_core() {
    static thread_local const bool once = (at::set_num_threads(1), true);
    (void)once;
}

std::string libtorch_version() {
    // Spelled out, because LibTorch before 1.9 has the numbers only.
    return std::to_string(TORCH_VERSION_MAJOR) + "." + std::to_string(TORCH_VERSION_MINOR) + "." +
           std::to_string(TORCH_VERSION_PATCH);
}

Model::Model(const std::string &load, int64_t batch, uint64_t seed)
    : body_(std::make_unique<Body>(batch, seed)) {
    const at::NoGradGuard no_grad;
    at::globalContext().setDeterministicCuDNN(true); // or the outputs' bits could not be compared
    add_layers(*body_, load);
    compute_references(*body_);
    if (is_gpu()) {
        add_copy_of_output(*body_);
    }
}
Model::~Model() = default;

const std::string &Model::name() const {
    return body_->name;
}
int64_t Model::batch() const {
    return body_->batch;
}
const std::vector<Layer> &Model::layers() const {
    return body_->layers;
}
void Model::set_request(uint64_t number) {
    body_->request = number % body_->inputs.size();
}

bool Model::output_is_exact() const {
    const at::Tensor &output = is_gpu() ? body_->host_output : body_->x;
    const at::Tensor &reference = body_->references[body_->request];
    return output.nbytes() == reference.nbytes() &&
           std::memcmp(output.data_ptr(), reference.data_ptr(), reference.nbytes()) == 0;
}

// FNV-1a.
uint64_t Model::digest() const {
    uint64_t hash = 0xcbf29ce484222325;
    for (const auto &reference : body_->references) {
        const auto *bytes = static_cast<const uint8_t *>(reference.data_ptr());
        for (size_t i = 0; i < reference.nbytes(); ++i) {
            hash = (hash ^ bytes[i]) * 0x100000001b3;
        }
    }
    return hash;
}
