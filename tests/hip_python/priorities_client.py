"""Two streams, with priorities where there is an interposer to give them to, and a thread for each.
hip-python keeps the interpreter's lock during a call, also while the thread is held, so that the other
one cannot go on: neither may wait for ever.

SPDX-License-Identifier: Apache-2.0
"""

import ctypes
import threading

import common
from hip import hip
from hip_python_client import check, launch, on_device, size_of, words

REQUESTS = 20
HIGH, LOW = 10, 1
SUSPENDS = 5  # which number of XQueueStats


def suspends(queue):
    stats = (ctypes.c_int64 * 64)()
    code = ctypes.CDLL(None).XQueueGetStats(queue, stats)
    if code != 0:
        raise RuntimeError(f"XQueueGetStats returned {code}")
    return stats[SUSPENDS]


class Stream:
    def __init__(self, module, priority):
        self.stream = check(hip.hipStreamCreateWithFlags(hip.hipStreamNonBlocking))
        self.queue = common.set_priority(int(self.stream), priority)
        self.append = check(hip.hipModuleGetFunction(module, b"append"))
        self.occupy = check(hip.hipModuleGetFunction(module, b"occupy"))
        self.wait = check(hip.hipModuleGetFunction(module, b"wait"))
        self.page = on_device([0] * 256)
        self.launched = 0

    def launch(self):
        launch(self.occupy, self.stream, ctypes.c_uint32(500))
        launch(self.append, self.stream, self.page, ctypes.c_uint32(self.launched))
        self.launched += 1

    def launch_waiting(self, flag):
        launch(self.wait, self.stream, ctypes.c_void_p(ctypes.addressof(flag)))

    def synchronize(self):
        check(hip.hipStreamSynchronize(self.stream))

    def in_order(self):
        """All that was launched was done, each once and in order."""
        page = words([0] * 256)
        check(hip.hipMemcpy(page, self.page, size_of(page), hip.hipMemcpyKind.hipMemcpyDeviceToHost))
        expected = list(range(min(self.launched, 255)))
        return list(page)[: len(expected) + 1] == [len(expected), *expected]


def suspended_by_an_arrival(low, high):
    flag = ctypes.c_uint32(0)
    low.launch_waiting(flag)
    high.launch()
    if low.queue is not None:
        print("# suspends:", suspends(low.queue))
    flag.value = 1
    high.synchronize()
    low.synchronize()


def side_by_side(low, high):
    served = threading.Event()

    def batch():
        while not served.is_set():
            for _ in range(8):
                low.launch()
            low.synchronize()

    thread = threading.Thread(target=batch)
    thread.start()
    for _ in range(REQUESTS):
        for _ in range(4):
            high.launch()
        high.synchronize()
    served.set()
    thread.join()


def main():
    module = check(hip.hipModuleLoadData(common.IMAGE))
    low, high = Stream(module, LOW), Stream(module, HIGH)
    suspended_by_an_arrival(low, high)
    side_by_side(low, high)
    print("requests", high.launched, "in order", high.in_order(), low.in_order())
    common.finish()


if __name__ == "__main__":
    main()
