// ResNet-18 and ResNet-50 (He et al., 2015).
#include "model_body.hpp"

#include <array>
#include <cmath>
#include <utility>

namespace {

constexpr int64_t kImageSize = 224;
constexpr int64_t kClassCount = 1000;
constexpr auto kLayout = at::MemoryFormat::ChannelsLast;

// A convolution and the batch normalisation behind it, in the form in which training stores them.
struct Convolution {
    at::Tensor weight, scale, shift, mean, variance;
    int64_t stride;
    int64_t padding;

    Convolution(Model::Body &model, int64_t in, int64_t out, int64_t size, int64_t stride_)
        : stride(stride_), padding(size / 2) {
        // He initialisation keeps the magnitude of the activations from layer to layer.
        const double deviation = std::sqrt(2.0 / static_cast<double>(out * size * size));
        weight = model.place(model.normal({out, in, size, size}, deviation).contiguous(kLayout));
        scale = model.place(at::ones({out}));
        shift = model.place(at::zeros({out}));
        mean = model.place(at::zeros({out}));
        variance = model.place(at::ones({out}));
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

// Adds the layers to a model, in order.
class Builder {
  public:
    Builder(Model::Body &model, bool bottleneck) : model_(model), bottleneck_(bottleneck) {}

    void add_input() {
        const auto input =
            model_.place(at::empty({model_.batch, 3, kImageSize, kImageSize}).contiguous(kLayout));
        for (auto &candidate : model_.inputs) {
            candidate = model_.place(model_.normal(input.sizes()).contiguous(kLayout));
        }
        add("copy_input", [input](Model::Body &m) { m.x = input.copy_(m.inputs[m.request]); });
    }

    void add_stem() {
        const Convolution convolution(model_, 3, 64, 7, 2);
        add("conv1", [convolution](Model::Body &m) { m.x = convolution(m.x).relu_(); });
        add("maxpool", [](Model::Body &m) { m.x = at::max_pool2d(m.x, 3, 2, 1); });
    }

    void add_blocks() {
        const auto block_counts =
            bottleneck_ ? std::array<int, 4>{3, 4, 6, 3} : std::array<int, 4>{2, 2, 2, 2};
        int64_t in = 64;
        for (size_t stage = 0; stage < block_counts.size(); ++stage) {
            const int64_t width = int64_t{64} << stage;
            const int64_t out = bottleneck_ ? 4 * width : width;
            for (int block = 0; block < block_counts[stage]; ++block) {
                const int64_t stride = stage > 0 && block == 0 ? 2 : 1;
                const std::string prefix =
                    "layer" + std::to_string(stage + 1) + "." + std::to_string(block) + ".";
                const bool projected = add_projection(prefix, in, out, stride);
                if (bottleneck_) {
                    // The stride sits on the 3x3 convolution, as in torchvision ("v1.5").
                    add_first(prefix + "conv1", {model_, in, width, 1, 1}, !projected);
                    add_middle(prefix + "conv2", {model_, width, width, 3, stride});
                    add_last(prefix + "conv3", {model_, width, out, 1, 1});
                } else {
                    add_first(prefix + "conv1", {model_, in, width, 3, stride}, !projected);
                    add_last(prefix + "conv2", {model_, width, out, 3, 1});
                }
                in = out;
            }
        }
    }

    void add_head() {
        const int64_t features = bottleneck_ ? 2048 : 512;
        add("avgpool", [](Model::Body &m) {
            m.x = at::adaptive_avg_pool2d(m.x, {1, 1}).flatten(1);
        });
        const double deviation = std::sqrt(1.0 / static_cast<double>(features));
        const auto weight = model_.place(model_.normal({kClassCount, features}, deviation));
        const auto bias = model_.place(at::zeros({kClassCount}));
        add("fc", [weight, bias](Model::Body &m) { m.x = at::linear(m.x, weight, bias); });
    }

  private:
    // The layers live with the model, longer than this object.
    template <typename Run>
    void add(std::string layer, Run run) {
        model_.add(std::move(layer), [&model = model_, run = std::move(run)] { run(model); });
    }

    // The shortcut is a convolution of its own where the block changes the shape.
    bool add_projection(const std::string &prefix, int64_t in, int64_t out, int64_t stride) {
        if (stride == 1 && in == out) {
            return false;
        }
        const Convolution convolution(model_, in, out, 1, stride);
        add(prefix + "downsample",
            [convolution](Model::Body &m) { m.shortcut = convolution(m.x); });
        return true;
    }

    void add_first(std::string layer, const Convolution &convolution, bool keep_input) {
        add(std::move(layer), [convolution, keep_input](Model::Body &m) {
            if (keep_input) {
                m.shortcut = m.x;
            }
            m.x = convolution(m.x).relu_();
        });
    }

    void add_middle(std::string layer, const Convolution &convolution) {
        add(std::move(layer), [convolution](Model::Body &m) { m.x = convolution(m.x).relu_(); });
    }

    void add_last(std::string layer, const Convolution &convolution) {
        add(std::move(layer), [convolution](Model::Body &m) {
            m.x = convolution(m.x).add_(std::exchange(m.shortcut, {})).relu_();
        });
    }

    Model::Body &model_;
    const bool bottleneck_;
};

} // namespace

void add_resnet(Model::Body &model, int depth) {
    model.name = "ResNet-" + std::to_string(depth);
    Builder builder(model, depth == 50);
    builder.add_input();
    builder.add_stem();
    builder.add_blocks();
    builder.add_head();
}
