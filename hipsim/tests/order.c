/* Commands of a stream run in order; a reordered, dropped or doubled one is a violation. */
#include "test.h"

int main(void) {
    hipStream_t a, b;
    OK(hipStreamCreateWithFlags(&a, hipStreamNonBlocking));
    OK(hipStreamCreateWithFlags(&b, hipStreamNonBlocking));
    int *memory = device_int();

    for (uint64_t i = 0; i < 1000; i++)
        OK(stamp(memory, i, i + 1, a));
    OK(hipStreamSynchronize(a));
    CHECK(hipsim_violations() == 0);

    /* Two streams without an order between them: b overtakes a, whose hardware queue is held. */
    atomic_int go = 0;
    OK(hold(&go, a));
    OK(stamp(memory, 1000, 1001, a));
    OK(stamp(memory, 1001, 1002, b));
    OK(hipStreamSynchronize(b));
    CHECK(hipsim_violations() == 1);
    CHECK(hipsim_last_violation()[0] != '\0');
    atomic_store(&go, 1);
    OK(hipDeviceSynchronize());
    CHECK(hipsim_violations() == 2);

    /* One that is missing, and one too many. */
    OK(stamp(memory, 1002, 1003, a));
    OK(hipDeviceSynchronize());
    CHECK(hipsim_violations() == 3);
    OK(stamp(memory, 1002, 1003, a));
    OK(hipDeviceSynchronize());
    CHECK(hipsim_violations() == 4);

    uint64_t launched, completed;
    hipsim_commands(&launched, &completed);
    CHECK(launched == completed && launched == 1005);
    CHECK(hipsim_calls("hipModuleLaunchKernel") == 1005);
    return 0;
}
