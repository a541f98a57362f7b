/*
 * For the programs that call functions of the driver by their symbols: every variant of a function by its
 * own, whatever cuda.h makes of its name. Each call leaves a line "symbol: code" in the transcript; functions
 * that a release lacks are called nowhere and reported absent.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "graphs.hpp"

#include <cudaTypedefs.h>
#include <string>
#include <utility>

/* The function of this symbol, as a client finds it that opens the driver; NULL if the driver lacks it. */
template <typename Function>
Function find(const std::string &symbol) {
    static void *const driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
    CHECK(driver != nullptr);
    return reinterpret_cast<Function>(dlsym(driver, symbol.c_str()));
}

/* Calls it; false if it is absent. */
template <typename Function, typename... Arguments>
bool call(CUresult &code, const std::string &symbol, Arguments &&...arguments) {
    const auto function = find<Function>(symbol);
    if (function == nullptr) {
        say("%s: absent", symbol.c_str());
        return false;
    }
    code = function(std::forward<Arguments>(arguments)...);
    say("%s: %d", symbol.c_str(), code);
    return true;
}

/* The driver does it. False if it has no such function. */
template <typename Function, typename... Arguments>
bool succeeds(const std::string &symbol, Arguments &&...arguments) {
    CUresult code = CUDA_SUCCESS;
    const bool there = call<Function>(code, symbol, std::forward<Arguments>(arguments)...);
    if (code != CUDA_SUCCESS) {
        fail(__FILE__, __LINE__, symbol.c_str(), " is refused");
    }
    return there;
}

/* The driver does it, unless it is a real one that does not offer this. False if it does nothing. */
template <typename Function, typename... Arguments>
bool offered(const std::string &symbol, Arguments &&...arguments) {
    CUresult code = CUDA_SUCCESS;
    const bool there = call<Function>(code, symbol, std::forward<Arguments>(arguments)...);
    if (code != CUDA_SUCCESS && (on_stand_in() || code != CUDA_ERROR_NOT_SUPPORTED)) {
        fail(__FILE__, __LINE__, symbol.c_str(), " is refused");
    }
    return there && code == CUDA_SUCCESS;
}

/* The driver's answer, whatever it is; that it did something. */
template <typename Function, typename... Arguments>
bool answers(const std::string &symbol, Arguments &&...arguments) {
    CUresult code = CUDA_SUCCESS;
    return call<Function>(code, symbol, std::forward<Arguments>(arguments)...) &&
           code == CUDA_SUCCESS;
}

/* One of the two variants of a function that takes a stream, or uses the default one. */
struct Variant {
    std::string ending; /* of the symbol */
    CUstream stream;    /* to be passed */
    CUstream meant;     /* the stream that this is */

    void wait() const { OK(cuStreamSynchronize(meant)); }
};

inline std::string operator+(const char *symbol, const Variant &variant) {
    return symbol + variant.ending;
}

/* With a stream of its own, and as code for per-thread default streams calls it, with NULL. */
inline std::vector<Variant> taking(CUstream stream) {
    return {{"", stream, stream}, {"_ptsz", nullptr, CU_STREAM_PER_THREAD}};
}

/* Functions without a parameter for it: the null stream, and the thread's own. */
inline std::vector<Variant> using_the_default_stream() {
    return {{"", nullptr, CU_STREAM_LEGACY}, {"_ptds", nullptr, CU_STREAM_PER_THREAD}};
}

/* What is in device memory. */
inline std::vector<uint32_t> read(CUdeviceptr memory, size_t count) {
    std::vector<uint32_t> words(count);
    OK(cuMemcpyDtoH(words.data(), memory, count * sizeof(uint32_t)));
    return words;
}
