"""Loads a library whose static constructor uses HIP, and uses HIP itself: afterwards, or before.

"held": the constructor's stream is suspended when it comes to its launch, because another one of higher
priority has work. It is held inside dlopen, with the dynamic linker's lock and the interpreter's, and
whoever resumes it may need neither.

SPDX-License-Identifier: Apache-2.0
"""

import ctypes
import os
import sys


def load():
    library = ctypes.CDLL(os.environ["HIP_EARLY"])
    print("static constructor", library.early_finish())


def occupy_the_device():
    import common
    import hip_ctypes as hip

    stream = hip.make("hipStreamCreateWithFlags", hip.NON_BLOCKING)
    common.set_priority(stream.value, 10)
    occupy = hip.Kernel(hip.make("hipModuleLoadData", common.IMAGE), "occupy")
    # The device's own threads have begun when this is over; they would need that lock.
    occupy.launch(stream, ctypes.c_uint32(1))
    hip.call("hipStreamSynchronize", stream)
    occupy.launch(stream, ctypes.c_uint32(200_000))


if "held" in sys.argv:
    occupy_the_device()
load()

import common  # noqa: E402 - it opens the runtime
import workers  # noqa: E402

print("afterwards", workers.work(0))
common.finish()
