/* The smallest program: one stream of the software device, one queue on it, one command. */
#include <stdio.h>
#include <stdlib.h>
#include <xsched.h>

#define CHECK(call)                                                                                \
    if ((call) != kXSchedSuccess) {                                                                \
        fprintf(stderr, "%s\n", XSchedLastErrorMessage());                                         \
        exit(1);                                                                                   \
    }

static XResult greet(HwQueueHandle stream, void *name) {
    (void)stream;
    printf("hello, %s, from an execution unit\n", (const char *)name);
    return kXSchedSuccess;
}

int main(void) {
    HwQueueHandle stream;
    XQueueHandle queue;
    HwCommandHandle command;
    CHECK(HostQueueCreate(&stream, PRIORITY_DEFAULT));
    CHECK(XQueueCreate(&queue, stream, kPreemptLevelBlock, kQueueCreateFlagNone));
    CHECK(HwCommandCreateCallback(&command, greet, "world"));
    CHECK(XQueueSubmit(queue, command));
    CHECK(XQueueWait(queue, command));
    CHECK(HwCommandDestroy(command));
    CHECK(XQueueDestroy(queue));
    CHECK(HwQueueDestroy(stream));
    return 0;
}
