"""What the interposer in this process has seen, if there is one, and priorities for it.

A program prints a transcript of what it computed, which has to be the same with and without. Lines that
begin with '#' say what the interposer did, and are not part of it.

SPDX-License-Identifier: Apache-2.0
"""

import ctypes


class HookStats(ctypes.Structure):
    """XSchedHookStats of xsched.h."""

    NAMES = "calls admitted waits bypass_no_queue bypass_capture bypass_nested bypass_other queues"
    _fields_ = [(name, ctypes.c_int64) for name in NAMES.split()] + [("_", ctypes.c_int64 * 8)]


def hook_stats():
    """What the hooks did so far, or None without an interposer."""
    try:
        function = ctypes.CDLL(None).XSchedGetHookStats
    except AttributeError:
        return None
    stats = HookStats()
    code = function(ctypes.byref(stats))
    if code != 0:
        raise RuntimeError(f"XSchedGetHookStats returned {code}")
    return stats


def report():
    """The line of a transcript that is for the interposer."""
    stats = hook_stats()
    if stats is not None:
        print("#", *[f"{name}={getattr(stats, name)}" for name in HookStats.NAMES.split()])


class Queue:
    """The queue of a stream; nothing without an interposer."""

    def __init__(self, stream, priority):
        self.handle = None
        if hook_stats() is None:
            return
        xsched = ctypes.CDLL(None)
        stream_queue, queue = ctypes.c_uint64(), ctypes.c_uint64()
        codes = (
            xsched.CudaQueueCreate(ctypes.byref(stream_queue), ctypes.c_void_p(stream)),
            xsched.XQueueGet(ctypes.byref(queue), stream_queue),
            xsched.XHintPriority(queue, ctypes.c_int32(priority)),
        )
        if any(codes):
            raise RuntimeError(f"CudaQueueCreate, XQueueGet, XHintPriority returned {codes}")
        self.handle = queue

    SUSPENDS = 5  # which number of XQueueStats

    def suspends(self):
        if self.handle is None:
            return 0
        stats = (ctypes.c_int64 * 64)()
        code = ctypes.CDLL(None).XQueueGetStats(self.handle, stats)
        if code != 0:
            raise RuntimeError(f"XQueueGetStats returned {code}")
        return stats[self.SUSPENDS]
