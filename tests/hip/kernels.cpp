/*
 * The kernels, and their registration before main and removal after it, as a compiler emits them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"

namespace {

template <typename T>
T argument(void **arguments, unsigned index) {
    return *static_cast<T *>(arguments[index]);
}

void append_to(Ledger::Page *page, uint32_t index) {
    hipsim_access(page, sizeof *page, 1);
    hipsim_stamp(page, index, index + 1);
    page->entries[page->count.load()] = index;
    page->count.fetch_add(1);
}

void append(void **arguments, const hipsim_launch *) {
    append_to(argument<Ledger::Page *>(arguments, 0), argument<uint32_t>(arguments, 1));
}

void work(void **arguments, const hipsim_launch *) {
    hipsim_occupy_us(argument<uint32_t>(arguments, 2));
    append_to(argument<Ledger::Page *>(arguments, 0), argument<uint32_t>(arguments, 1));
}

template <bool add>
void change(void **arguments, const hipsim_launch *) {
    auto *words = argument<uint32_t *>(arguments, 0);
    const auto count = argument<uint32_t>(arguments, 1);
    const auto value = argument<uint32_t>(arguments, 2);
    hipsim_access(words, count * sizeof *words, 1);
    for (uint32_t i = 0; i < count; i++) {
        words[i] = (add ? words[i] : 0) + value;
    }
}

void block(void **arguments, const hipsim_launch *) {
    auto *open = argument<std::atomic<uint32_t> *>(arguments, 0);
    while (open->load() == 0) {
        std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
}

constexpr hipsim_argument kPointer = HIPSIM_ARGUMENT(void *);
constexpr hipsim_argument kWord = HIPSIM_ARGUMENT(uint32_t);
constexpr hipsim_argument kArguments[] = {kPointer, kWord, kWord};
constexpr hipsim_variable kVariables[] = {{"table", sizeof table}};

} // namespace

const hipsim_kernel kernels[kKernelCount] = {
    {"append", append, 2, kArguments},      {"work", work, 3, kArguments},
    {"fill", change<false>, 3, kArguments}, {"add", change<true>, 3, kArguments},
    {"block", block, 1, kArguments},
};
const hipsim_image image = {HIPSIM_MAGIC, kKernelCount, 1, kernels, kVariables};
uint32_t table[kTableWords];

namespace {

/* A compiler's module constructor and destructor; no other static initialiser comes before it. */
struct Registration {
    void **module;

    Registration() {
        static const hipsim_fat_binary binary = {HIPSIM_FAT_MAGIC, 1, &image, nullptr};
        module = __hipRegisterFatBinary(&binary);
        for (const hipsim_kernel &kernel : kernels) {
            char *name = const_cast<char *>(kernel.name);
            __hipRegisterFunction(module, &kernel, name, kernel.name, ~0u, nullptr, nullptr,
                                  nullptr, nullptr, nullptr);
        }
        char name[] = "table";
        __hipRegisterVar(module, table, name, name, 0, sizeof table, 0, 0);
    }
    ~Registration() { __hipUnregisterFatBinary(module); }
};

__attribute__((init_priority(101))) Registration registration;

} // namespace
