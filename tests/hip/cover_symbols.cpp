/*
 * Every copy to and from a device variable, blocking, in a stream and in the thread's own stream; and
 * the variable found again under its host name and in a module.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

#include <numeric>

namespace {

/* Writes all words of the variable but the first, reads them back, with one function each. */
template <typename Write, typename Read>
void round_trip(Write write, Read read) {
    static uint32_t value = 0;
    constexpr unsigned kCount = kTableWords - 1;
    constexpr size_t kBytes = kCount * sizeof(uint32_t);
    constexpr size_t kOffset = sizeof(uint32_t);

    std::vector<uint32_t> sent(kCount);
    std::iota(sent.begin(), sent.end(), value);
    value += kCount;
    std::vector<uint32_t> received(kCount);
    if (write(sent.data(), kBytes, kOffset) && read(received.data(), kBytes, kOffset)) {
        OK(hipDeviceSynchronize());
        CHECK(received == sent);
    }
}

void in_the_null_stream() {
    round_trip(
        [](const void *from, size_t bytes, size_t offset) {
            return SUCCEEDS(hipMemcpyToSymbol)(table, from, bytes, offset, hipMemcpyHostToDevice);
        },
        [](void *to, size_t bytes, size_t offset) {
            return SUCCEEDS(hipMemcpyFromSymbol)(to, table, bytes, offset, hipMemcpyDeviceToHost);
        });
}

void in_a_stream() {
    Stream stream;
    round_trip(
        [&](const void *from, size_t bytes, size_t offset) {
            return SUCCEEDS(hipMemcpyToSymbolAsync)(table, from, bytes, offset,
                                                    hipMemcpyHostToDevice, stream);
        },
        [&](void *to, size_t bytes, size_t offset) {
            return SUCCEEDS(hipMemcpyFromSymbolAsync)(to, table, bytes, offset,
                                                      hipMemcpyDeviceToHost, stream);
        });
}

void per_thread_default_stream() {
    round_trip(
        [](const void *from, size_t bytes, size_t offset) {
            return SUCCEEDS(hipMemcpyToSymbol_spt)(table, from, bytes, offset,
                                                   hipMemcpyHostToDevice);
        },
        [](void *to, size_t bytes, size_t offset) {
            return SUCCEEDS(hipMemcpyFromSymbol_spt)(to, table, bytes, offset,
                                                     hipMemcpyDeviceToHost);
        });
    round_trip(
        [](const void *from, size_t bytes, size_t offset) {
            return SUCCEEDS(hipMemcpyToSymbolAsync_spt)(table, from, bytes, offset,
                                                        hipMemcpyHostToDevice, nullptr);
        },
        [](void *to, size_t bytes, size_t offset) {
            return SUCCEEDS(hipMemcpyFromSymbolAsync_spt)(to, table, bytes, offset,
                                                          hipMemcpyDeviceToHost, nullptr);
        });
}

void under_its_address() {
    void *address = nullptr;
    OK(hipGetSymbolAddress(&address, table));
    const uint32_t sent = 4711;
    uint32_t received = 0;
    OK(hipMemcpyToSymbol(table, &sent, sizeof sent, 0, hipMemcpyHostToDevice));
    OK(hipMemcpy(&received, address, sizeof received, hipMemcpyDeviceToHost));
    CHECK(received == sent);
}

/* What a module is loaded with is its own: zero, whatever the registered variable holds. */
void in_a_module() {
    hipModule_t module = nullptr;
    hipDeviceptr_t address = nullptr;
    size_t bytes = 0;
    uint32_t received = 1;
    OK(hipModuleLoadData(&module, &image));
    OK(hipModuleGetGlobal(&address, &bytes, module, "table"));
    CHECK(bytes == sizeof table);
    OK(hipMemcpyDtoH(&received, address, sizeof received));
    CHECK(received == 0);
    OK(hipModuleUnload(module));
}

} // namespace

int main() {
    RUN(in_the_null_stream);
    RUN(in_a_stream);
    RUN(per_thread_default_stream);
    RUN(under_its_address);
    RUN(in_a_module);
    return finish();
}
