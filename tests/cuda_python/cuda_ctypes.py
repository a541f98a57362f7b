"""The CUDA driver API by ctypes: each function is found with dlsym on the library's handle.

CUDA_TEST_LIBRARY is tests/cuda's library, which has the kernels.

SPDX-License-Identifier: Apache-2.0
"""

import ctypes
import os
from ctypes import CFUNCTYPE, POINTER, byref, c_char_p, c_int, c_size_t, c_uint, c_uint64, c_void_p

NON_BLOCKING = 1  # of a stream
CAPTURE_THREAD_LOCAL = 1
LEGACY, PER_THREAD = c_void_p(1), c_void_p(2)
NOT_READY = 600

_driver = ctypes.CDLL("libcuda.so.1")
_kernels = ctypes.CDLL(os.environ["CUDA_TEST_LIBRARY"], ctypes.RTLD_GLOBAL)
PTX = c_char_p(ctypes.addressof(ctypes.c_char.in_dll(_kernels, "kernels_ptx")))

HOST_FUNCTION = CFUNCTYPE(None, c_void_p)
_out = POINTER(c_void_p)
_address = c_uint64
SIGNATURES = {
    "cuCtxSetCurrent": [c_void_p],
    "cuCtxSynchronize": [],
    "cuDeviceGet": [POINTER(c_int), c_int],
    "cuDevicePrimaryCtxRetain": [_out, c_int],
    "cuEventCreate": [_out, c_uint],
    "cuEventDestroy_v2": [c_void_p],
    "cuEventQuery": [c_void_p],
    "cuEventRecord": [c_void_p, c_void_p],
    "cuEventSynchronize": [c_void_p],
    "cuGetProcAddress_v2": [c_char_p, _out, c_int, c_uint64, POINTER(c_int)],
    "cuGraphDestroy": [c_void_p],
    "cuGraphExecDestroy": [c_void_p],
    "cuGraphInstantiateWithFlags": [_out, c_void_p, c_uint64],
    "cuGraphLaunch": [c_void_p, c_void_p],
    "cuInit": [c_uint],
    "cuLaunchHostFunc": [c_void_p, HOST_FUNCTION, c_void_p],
    "cuLaunchKernel": [c_void_p, *[c_uint] * 7, c_void_p, POINTER(c_void_p), POINTER(c_void_p)],
    "cuMemAllocAsync": [POINTER(_address), c_size_t, c_void_p],
    "cuMemAlloc_v2": [POINTER(_address), c_size_t],
    "cuMemFreeAsync": [_address, c_void_p],
    "cuMemFree_v2": [_address],
    "cuMemcpyDtoHAsync_v2": [c_void_p, _address, c_size_t, c_void_p],
    "cuMemcpyDtoH_v2": [c_void_p, _address, c_size_t],
    "cuMemcpyHtoD_v2": [_address, c_void_p, c_size_t],
    "cuMemsetD32Async": [_address, c_uint, c_size_t, c_void_p],
    "cuModuleGetFunction": [_out, c_void_p, c_char_p],
    "cuModuleLoadData": [_out, c_char_p],
    "cuModuleUnload": [c_void_p],
    "cuStreamBeginCapture_v2": [c_void_p, c_int],
    "cuStreamCreate": [_out, c_uint],
    "cuStreamDestroy_v2": [c_void_p],
    "cuStreamEndCapture": [c_void_p, _out],
    "cuStreamQuery": [c_void_p],
    "cuStreamSynchronize": [c_void_p],
    "cuStreamWaitEvent": [c_void_p, c_void_p, c_uint],
}


class Error(Exception):
    def __init__(self, name, code):
        super().__init__(f"{name} returned {code}")
        self.code = code


def code_of(name, *arguments):
    """Calls a function and returns its code."""
    function = getattr(_driver, name)
    function.argtypes = SIGNATURES[name]
    return function(*arguments)


def call(name, *arguments):
    code = code_of(name, *arguments)
    if code != 0:
        raise Error(name, code)


def make(name, *arguments):
    """Calls a function whose first argument receives a handle; returns that."""
    result = c_void_p()
    call(name, byref(result), *arguments)
    return result


def start():
    """Makes the first device's primary context the calling thread's."""
    device = c_int()
    call("cuInit", 0)
    call("cuDeviceGet", byref(device), 0)
    call("cuCtxSetCurrent", make("cuDevicePrimaryCtxRetain", device))


class Words:
    """32-bit numbers in device memory."""

    def __init__(self, values):
        self.host = (ctypes.c_uint32 * len(values))(*values)
        self.size = ctypes.sizeof(self.host)
        self.address = c_uint64()
        call("cuMemAlloc_v2", byref(self.address), self.size)
        call("cuMemcpyHtoD_v2", self.address, self.host, self.size)

    def read_async(self, stream):
        """Copies them to self.host."""
        call("cuMemcpyDtoHAsync_v2", self.host, self.address, self.size, stream)

    def read(self):
        """As they are once the null stream has come to here."""
        call("cuMemcpyDtoH_v2", self.host, self.address, self.size)
        return list(self.host)

    def free(self):
        call("cuMemFree_v2", self.address)


class Kernel:
    def __init__(self, module, name):
        self.function = make("cuModuleGetFunction", module, name.encode())

    def launch(self, stream, *arguments, by=None):
        """Arguments are ctypes objects, which may change as soon as this returns; `by` is what launches
        in place of cuLaunchKernel."""
        addresses = (c_void_p * len(arguments))(*[ctypes.addressof(a) for a in arguments])
        launcher = by or (lambda *a: code_of("cuLaunchKernel", *a))
        code = launcher(self.function, 1, 1, 1, 64, 1, 1, 0, stream, addresses, None)
        if code != 0:
            raise Error("cuLaunchKernel", code)


def violations():
    """What the stand-in driver found wrong with the order or the memory of commands; 0 on a device."""
    try:
        function = _driver.cudasim_violations
    except AttributeError:
        return 0
    function.restype = c_uint64
    return function()
