/*
 * For the programs that call every function of the HIP API which does something with a stream. Each
 * call leaves a line "symbol: code" in the transcript; covered.sh compares those with the table of
 * functions. Functions that a release lacks are called nowhere and reported absent.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#define HIP_API __attribute__((weak))

#include "kernels.hpp"
#include "scheduler.hpp"

#include <hip/hip_ext.h>

/*
 * Does this release have the function? The linker's answer to a weak reference is not that: a preloaded
 * scheduler has the functions of all releases, and those that are missing return hipErrorNotSupported.
 */
inline bool present(const char *symbol) {
    static void *const runtime = runtime_handle();
    return dlsym(runtime, symbol) != nullptr;
}
#define HAS(function) present(#function)

enum class Outcome { kSuccess, kRefusal };

/* One function to call; it takes exactly its parameters. */
template <typename Result, typename... Parameters>
struct Call {
    const char *file;
    int line;
    const char *symbol;
    Outcome expected;
    Result (*function)(Parameters...);

    /* False if this release lacks the function. */
    bool operator()(Parameters... arguments) const {
        if (!present(symbol)) {
            say("%s: absent", symbol);
            return false;
        }
        const auto code = static_cast<hipError_t>(function(arguments...));
        say("%s: %d", symbol, code);
        if ((code == hipSuccess) != (expected == Outcome::kSuccess)) {
            fail(file, line, symbol,
                 expected == Outcome::kSuccess ? " is refused" : " is not refused");
        }
        return true;
    }
};

template <typename Result, typename... Parameters>
Call<Result, Parameters...> make_call(const char *file, int line, const char *symbol,
                                      Outcome expected, Result (*function)(Parameters...)) {
    return {file, line, symbol, expected, function};
}

/* SUCCEEDS(hipFree)(pointer); the first two for functions whose symbol is not their name. */
#define SUCCEEDS_AS(symbol, function)                                                              \
    make_call(__FILE__, __LINE__, symbol, Outcome::kSuccess, &function)
#define REFUSED_AS(symbol, function)                                                               \
    make_call(__FILE__, __LINE__, symbol, Outcome::kRefusal, &function)
#define SUCCEEDS(function) SUCCEEDS_AS(#function, function)
#define REFUSED(function) REFUSED_AS(#function, function)
