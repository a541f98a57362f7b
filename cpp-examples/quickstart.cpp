#include <xsched.hpp>
#include <chrono>
#include <iostream>
using namespace std::chrono_literals;

int main() {
    xsched::set_scheduler(kSchedulerLocal); // highest priority first
    xsched::HostStream batch, requests;     // two streams of the software device
    xsched::Queue low(batch), high(requests);
    low.set_priority(1);
    high.set_priority(10);

    for (int i = 0; i < 100; i++)
        batch.delay(1ms); // asynchronous, as a kernel launch is
    requests.launch([] { std::cout << "answered while 100 ms of batch work wait\n"; });
    requests.synchronize(); // the request is over: the batch goes on at once
    batch.synchronize();
    std::cout << "the batch was suspended " << low.stats().suspends << " time(s)\n";
}
