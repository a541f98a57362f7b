/* A consumer in C: runs one command through a queue. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <xsched.h>

static XResult hello(HwQueueHandle hwq, void *data) {
    (void)hwq;
    puts((const char *)data);
    return kXSchedSuccess;
}

int main(void) {
    static char text[] = "a command ran";
    HwQueueHandle hwq = 0;
    XQueueHandle xq = 0;
    if (HostQueueCreate(&hwq, PRIORITY_DEFAULT) != kXSchedSuccess ||
        XQueueCreate(&xq, hwq, kPreemptLevelBlock, kQueueCreateFlagNone) != kXSchedSuccess ||
        HostQueueLaunch(hwq, hello, text) != kXSchedSuccess ||
        XQueueDestroy(xq) != kXSchedSuccess || HwQueueDestroy(hwq) != kXSchedSuccess) {
        fprintf(stderr, "%s\n", XSchedLastErrorMessage());
        return 1;
    }
    return 0;
}
