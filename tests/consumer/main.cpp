// A consumer in C++: runs one command through a queue. SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <xsched.hpp>

int main() {
    xsched::HostStream stream;
    xsched::Queue queue(stream);
    stream.launch([] { std::puts("a command ran"); });
    stream.synchronize();
}
