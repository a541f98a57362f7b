// The examples stop at the first failing call and say which one it was.
#pragma once

#include <xsched.h>

#include <cstdio>
#include <cstdlib>

#define CHECK(call)                                                                                \
    do {                                                                                           \
        if ((call) != kXSchedSuccess) {                                                            \
            std::fprintf(stderr, "%s: %s\n", #call, XSchedLastErrorMessage());                     \
            std::exit(1);                                                                          \
        }                                                                                          \
    } while (false)
