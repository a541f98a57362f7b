/*
 * The device side of launch_syntax.hip: the image that the compiler's registration expects from the
 * linker under the name __hip_fatbin, with the kernels under their mangled names.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.hpp"

namespace {

template <typename T>
T argument(void **arguments, unsigned index) {
    return *static_cast<T *>(arguments[index]);
}

/* The words that both kernels are given, with their count. */
struct Span {
    uint32_t *words;
    uint32_t count;

    explicit Span(void **arguments)
        : words(argument<uint32_t *>(arguments, 0)), count(argument<uint32_t>(arguments, 1)) {
        hipsim_access(words, count * sizeof *words, 1);
    }
    uint32_t *begin() const { return words; }
    uint32_t *end() const { return words + count; }
};

void fill(void **arguments, const hipsim_launch *) {
    for (uint32_t &word : Span(arguments)) {
        word = argument<uint32_t>(arguments, 2);
    }
}

/* One block per word: the configuration is what the launch said. */
void scale(void **arguments, const hipsim_launch *launch) {
    const Span span(arguments);
    CHECK(launch->grid[0] == span.count && launch->block[0] == 1 && launch->shared_bytes == 128);
    for (uint32_t &word : span) {
        word *= argument<uint32_t>(arguments, 2);
    }
}

constexpr hipsim_argument kArguments[] = {HIPSIM_ARGUMENT(uint32_t *), HIPSIM_ARGUMENT(uint32_t),
                                          HIPSIM_ARGUMENT(uint32_t)};
constexpr hipsim_kernel kKernels[] = {
    {"_Z4fillPjjj", fill, 3, kArguments},
    {"_Z5scaleIjEvPT_jS0_", scale, 3, kArguments},
};

} // namespace

extern "C" {
extern const hipsim_image __hip_fatbin;
const hipsim_image __hip_fatbin = {HIPSIM_MAGIC, 2, 0, kKernels, nullptr};
}
