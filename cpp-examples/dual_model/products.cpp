// Ten batched products of square matrices, one behind the other: few, large commands. The output is
// small enough to be compared after every request, and every element of the product counts in it.
#include "model_body.hpp"

#include <cmath>

namespace {

constexpr int kProductCount = 10;

} // namespace

void add_products(Model::Body &model, int64_t size) {
    model.name = std::to_string(kProductCount) + " products of " + std::to_string(size) + "^2";
    const std::vector<int64_t> sizes{model.batch, size, size};
    for (auto &input : model.inputs) {
        input = model.place(model.normal(sizes));
    }
    // Keeps the magnitude from product to product.
    const double deviation = std::sqrt(1.0 / static_cast<double>(size));
    const at::Tensor factor = model.place(model.normal(sizes, deviation));
    for (int i = 0; i < kProductCount; ++i) {
        model.add("product" + std::to_string(i + 1), [&model, factor, i] {
            model.x = at::bmm(i == 0 ? model.inputs[model.request] : model.x, factor);
        });
    }
    model.add("sum", [&model] { model.x = model.x.sum(1); });
}
