"""What the programs share: their code object, and the end of a transcript.

A program prints a transcript of what it computed. It has to be the same with and without the
interposer. Lines that begin with '#' say what the interposer did, and are not part of it.

SPDX-License-Identifier: Apache-2.0
"""

import ctypes
import os

_kernels = ctypes.CDLL(os.environ["HIP_KERNELS"])

# The address to give to hipModuleLoadData, and the size of what is there.
IMAGE = ctypes.addressof(ctypes.c_char.in_dll(_kernels, "image"))
IMAGE_BYTES = 32


class HookStats(ctypes.Structure):
    """XSchedHookStats of xsched.h."""

    NAMES = "calls admitted waits bypass_no_queue bypass_capture bypass_nested bypass_other queues"
    _fields_ = [(name, ctypes.c_int64) for name in NAMES.split()] + [("_", ctypes.c_int64 * 8)]


def hook_stats():
    """What the hooks did so far, or None without the interposer."""
    try:
        function = ctypes.CDLL(None).XSchedGetHookStats
    except AttributeError:
        return None
    stats = HookStats()
    code = function(ctypes.byref(stats))
    if code != 0:
        raise RuntimeError(f"XSchedGetHookStats returned {code}")
    return stats


def set_priority(stream, priority):
    """Of the queue that the interposer makes for a stream. Returns the queue, or None without it."""
    if hook_stats() is None:
        return None
    xsched = ctypes.CDLL(None)
    stream_queue, queue = ctypes.c_uint64(), ctypes.c_uint64()
    codes = (
        xsched.HipQueueCreate(ctypes.byref(stream_queue), ctypes.c_void_p(stream)),
        xsched.XQueueGet(ctypes.byref(queue), stream_queue),
        xsched.XHintPriority(queue, ctypes.c_int32(priority)),
    )
    if any(codes):
        raise RuntimeError(f"HipQueueCreate, XQueueGet, XHintPriority returned {codes}")
    return queue


def violations():
    """What the stand-in runtime found wrong with the order or the memory of commands."""
    function = _kernels.hipsim_violations  # of the runtime that the kernels are linked with
    function.restype = ctypes.c_uint64
    return function()


def finish():
    """The last lines of a transcript."""
    print("violations", violations())
    stats = hook_stats()
    if stats is not None:
        print("#", *[f"{name}={getattr(stats, name)}" for name in HookStats.NAMES.split()])
