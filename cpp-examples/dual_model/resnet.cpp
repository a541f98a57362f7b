#include "resnet.hpp"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <torch/version.h>

#include <array>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace {

constexpr int64_t kImageSize = 224;
constexpr int64_t kClassCount = 1000;
constexpr size_t kInputCount = 4;
constexpr auto kLayout = at::MemoryFormat::ChannelsLast;

// A convolution and the batch normalisation behind it, in the form in which training stores them.
struct Convolution {
    at::Tensor weight, scale, shift, mean, variance;
    int64_t stride;
    int64_t padding;

    Convolution(int64_t in, int64_t out, int64_t size, int64_t stride_, at::Generator &random)
        : stride(stride_), padding(size / 2) {
        // He initialisation keeps the magnitude of the activations from layer to layer.
        const double deviation = std::sqrt(2.0 / static_cast<double>(out * size * size));
        weight = at::randn({out, in, size, size}, random).mul_(deviation).contiguous(kLayout);
        scale = at::ones({out});
        shift = at::zeros({out});
        mean = at::zeros({out});
        variance = at::ones({out});
    }

    at::Tensor operator()(const at::Tensor &x) const {
        return at::batch_norm(convolve(x), scale, shift, mean, variance, false, 0.0, 1e-5, false);
    }

  private:
    // On one core LibTorch gives 1x1 convolutions to the system's BLAS, and the reference BLAS that
    // Debian's LibTorch comes with takes twenty times as long as oneDNN. Ask for oneDNN there.
    at::Tensor convolve(const at::Tensor &x) const {
        if (padding == 0 && x.device().is_cpu() && at::hasMKLDNN()) {
            return at::mkldnn_convolution(x, weight, {}, {0, 0}, {stride, stride}, {1, 1}, 1);
        }
        return at::conv2d(x, weight, {}, stride, padding);
    }
};

} // namespace

struct ResNet::Model {
    std::string name;
    int64_t batch;
    std::vector<Layer> layers;

    std::array<at::Tensor, kInputCount> inputs;
    std::array<at::Tensor, kInputCount> references;
    size_t request = 0;

    // Activations: the device's copy of the input, what the next layer reads, and what the end of
    // the residual block adds to it.
    at::Tensor input, x, shortcut;

    Model(int depth, int64_t batch_, uint64_t seed)
        : name("ResNet-" + std::to_string(depth)), batch(batch_),
          random_(at::detail::createCPUGenerator(seed)) {
        if (depth != 18 && depth != 50) {
            throw std::invalid_argument("there is no ResNet of that depth here");
        }
        const at::NoGradGuard no_grad;
        input = at::empty({batch, 3, kImageSize, kImageSize}).contiguous(kLayout);
        for (auto &candidate : inputs) {
            candidate = at::randn(input.sizes(), random_).contiguous(kLayout);
        }
        add("copy_input", [this] { x = input.copy_(inputs[request]); });
        add_stem();
        add_blocks(depth == 50);
        add_head(depth == 50 ? 2048 : 512);
        compute_references();
    }

  private:
    at::Generator random_;

    void add(std::string layer, std::function<void()> run) {
        layers.push_back({std::move(layer), [run = std::move(run)] {
                              use_one_core();
                              const at::NoGradGuard no_grad; // a property of the thread
                              run();
                          }});
    }

    void add_stem() {
        const Convolution convolution(3, 64, 7, 2, random_);
        add("conv1", [this, convolution] { x = convolution(x).relu_(); });
        add("maxpool", [this] { x = at::max_pool2d(x, 3, 2, 1); });
    }

    void add_blocks(bool bottleneck) {
        const auto block_counts =
            bottleneck ? std::array<int, 4>{3, 4, 6, 3} : std::array<int, 4>{2, 2, 2, 2};
        int64_t in = 64;
        for (size_t stage = 0; stage < block_counts.size(); ++stage) {
            const int64_t width = int64_t{64} << stage;
            const int64_t out = bottleneck ? 4 * width : width;
            for (int block = 0; block < block_counts[stage]; ++block) {
                const int64_t stride = stage > 0 && block == 0 ? 2 : 1;
                const std::string prefix =
                    "layer" + std::to_string(stage + 1) + "." + std::to_string(block) + ".";
                const bool projected = add_projection(prefix, in, out, stride);
                if (bottleneck) {
                    // The stride sits on the 3x3 convolution, as in torchvision ("v1.5").
                    add_first(prefix + "conv1", {in, width, 1, 1, random_}, !projected);
                    add_middle(prefix + "conv2", {width, width, 3, stride, random_});
                    add_last(prefix + "conv3", {width, out, 1, 1, random_});
                } else {
                    add_first(prefix + "conv1", {in, width, 3, stride, random_}, !projected);
                    add_last(prefix + "conv2", {width, out, 3, 1, random_});
                }
                in = out;
            }
        }
    }

    // The shortcut is a convolution of its own where the block changes the shape.
    bool add_projection(const std::string &prefix, int64_t in, int64_t out, int64_t stride) {
        if (stride == 1 && in == out) {
            return false;
        }
        const Convolution convolution(in, out, 1, stride, random_);
        add(prefix + "downsample", [this, convolution] { shortcut = convolution(x); });
        return true;
    }

    void add_first(std::string layer, const Convolution &convolution, bool keep_input) {
        add(std::move(layer), [this, convolution, keep_input] {
            if (keep_input) {
                shortcut = x;
            }
            x = convolution(x).relu_();
        });
    }

    void add_middle(std::string layer, const Convolution &convolution) {
        add(std::move(layer), [this, convolution] { x = convolution(x).relu_(); });
    }

    void add_last(std::string layer, const Convolution &convolution) {
        add(std::move(layer),
            [this, convolution] { x = convolution(x).add_(std::exchange(shortcut, {})).relu_(); });
    }

    void add_head(int64_t features) {
        add("avgpool", [this] { x = at::adaptive_avg_pool2d(x, {1, 1}).flatten(1); });
        const double deviation = std::sqrt(1.0 / static_cast<double>(features));
        const auto weight = at::randn({kClassCount, features}, random_).mul_(deviation);
        const auto bias = at::zeros({kClassCount});
        add("fc", [this, weight, bias] { x = at::linear(x, weight, bias); });
    }

    void compute_references() {
        for (request = 0; request < kInputCount; ++request) {
            for (const auto &layer : layers) {
                layer.run();
            }
            references[request] = x;
        }
        request = 0;
    }
};

void use_one_core() {
    static thread_local const bool once = (at::set_num_threads(1), true);
    (void)once;
}

std::string libtorch_version() {
    // Spelled out, because LibTorch before 1.9 has the numbers only.
    return std::to_string(TORCH_VERSION_MAJOR) + "." + std::to_string(TORCH_VERSION_MINOR) + "." +
           std::to_string(TORCH_VERSION_PATCH);
}

ResNet::ResNet(int depth, int64_t batch, uint64_t seed)
    : model_(std::make_unique<Model>(depth, batch, seed)) {}
ResNet::~ResNet() = default;

const std::string &ResNet::name() const {
    return model_->name;
}
int64_t ResNet::batch() const {
    return model_->batch;
}
const std::vector<Layer> &ResNet::layers() const {
    return model_->layers;
}
void ResNet::set_request(uint64_t number) {
    model_->request = number % kInputCount;
}

bool ResNet::output_is_exact() const {
    const at::Tensor &reference = model_->references[model_->request];
    return model_->x.nbytes() == reference.nbytes() &&
           std::memcmp(model_->x.data_ptr(), reference.data_ptr(), reference.nbytes()) == 0;
}

// FNV-1a.
uint64_t ResNet::digest() const {
    uint64_t hash = 0xcbf29ce484222325;
    for (const auto &reference : model_->references) {
        const auto *bytes = static_cast<const uint8_t *>(reference.data_ptr());
        for (size_t i = 0; i < reference.nbytes(); ++i) {
            hash = (hash ^ bytes[i]) * 0x100000001b3;
        }
    }
    return hash;
}
