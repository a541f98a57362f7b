// Ten batched products of square matrices, one behind the other: few, large commands. The output is
// small enough to be compared after every request, and every element of the product counts in it.
#include "model_body.hpp"

#include <cmath>

namespace {

constexpr int kProductCount = 10;

// A batch of them, all different: drawing each would take longer than the measurement.
at::Tensor matrices(Model::Body &model, int64_t size, double deviation) {
    const at::Tensor one = model.place(model.normal({1, size, size}, deviation));
    const at::Tensor scales = 1 - 0.5 * at::arange(model.batch) / model.batch;
    return one * model.place(scales.to(one.scalar_type())).view({model.batch, 1, 1});
}

} // namespace

void add_products(Model::Body &model, int64_t size) {
    model.name = std::to_string(kProductCount) + " products of " + std::to_string(size) + "^2";
    for (auto &input : model.inputs) {
        input = matrices(model, size, 1);
    }
    // Keeps the magnitude from product to product.
    const at::Tensor factor = matrices(model, size, std::sqrt(1.0 / static_cast<double>(size)));
    for (int i = 0; i < kProductCount; ++i) {
        model.add("product" + std::to_string(i + 1), [&model, factor, i] {
            model.x = at::bmm(i == 0 ? model.inputs[model.request] : model.x, factor);
        });
    }
    model.add("sum", [&model] { model.x = model.x.sum(1); });
}
