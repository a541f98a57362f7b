/* Faults and the end at the first violation, from the environment: see run.sh. */
#include "test.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void violate(void) {
    int elsewhere = 0;
    OK(store(&elsewhere, 1, NULL));
    OK(hipDeviceSynchronize());
}

int main(void) {
    /* Before the first use, so the child may use it. */
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        violate();
        exit(0);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);

    void *memory;
    OK(hipMalloc(&memory, 4));
    RETURNS(hipErrorOutOfMemory, hipMalloc(&memory, 4));
    RETURNS(hipErrorOutOfMemory, hipGetLastError());
    /* One that this runtime does not have. */
    RETURNS(hipErrorNotInitialized, hipCtxSynchronize());
    hipsim_fault("hipMalloc", 0, 0);
    OK(hipMalloc(&memory, 4));
    return 0;
}
