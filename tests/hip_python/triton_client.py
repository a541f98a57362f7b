"""Triton: a kernel that it compiles for gfx942 and launches, with its own driver, which asks
hipGetProcAddress for every function.

Nothing here can run AMD's machine code: hipsim loads that kernel, and it computes nothing. The code
object of the other programs goes the same way, and computes.

SPDX-License-Identifier: Apache-2.0
"""

import ctypes

import triton
import triton.language as tl
from triton.backends.amd import driver as amd
from triton.runtime import driver

import common
import hip_ctypes as hip

COUNT = 64


class Driver(amd.HIPDriver):
    """Triton's own, but for the device and the stream, which it asks PyTorch for."""

    def __init__(self, stream):
        self.utils = amd.HIPUtils()
        self.launcher_cls = amd.HIPLauncher
        self.get_current_device = lambda: 0
        self.get_current_stream = lambda device: stream.value


class Tensor(hip.Words):
    """What Triton takes for one."""

    dtype = "uint32"

    def data_ptr(self):
        return self.address.value


@triton.jit
def scale(numbers, factor, COUNT: tl.constexpr):
    offsets = tl.arange(0, COUNT)
    tl.store(numbers + offsets, tl.load(numbers + offsets) * factor)


def compiled(stream):
    numbers = Tensor(range(COUNT))
    for factor in range(2, 7):
        kernel = scale[(1,)](numbers, factor, COUNT)
    elf = kernel.asm["hsaco"][:4]
    hip.call("hipStreamSynchronize", stream)
    print("compiled by Triton", kernel.metadata.target.arch, elf, numbers.read())
    numbers.free()


def launched(stream):
    utils = driver.active.utils
    image = ctypes.string_at(common.IMAGE, common.IMAGE_BYTES)
    module, add, *_ = utils.load_binary("add", image, 0, 0)
    sums, terms = Tensor([1] * COUNT), Tensor(range(COUNT))
    signature = ("*u32", "*u32", "u32")
    for _ in range(5):
        utils.launch(
            False, 1, 1, 1, stream.value, add, None, None, (1, 1, 0), None, None, None, 64,
            amd.annotate_arguments(signature), amd.make_kernel_signature(signature),
            (sums, terms, COUNT),
        )  # fmt: skip
    hip.call("hipStreamSynchronize", stream)
    print("launched by Triton", sums.read())
    utils.unload_module(module)
    sums.free()
    terms.free()


def main():
    stream = hip.make("hipStreamCreateWithFlags", 0)
    driver.set_active(Driver(stream))
    compiled(stream)
    launched(stream)
    hip.call("hipStreamDestroy", stream)
    common.finish()


if __name__ == "__main__":
    main()
