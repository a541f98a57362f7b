"""The HIP API by ctypes: each function is found with dlsym on the library's handle.

SPDX-License-Identifier: Apache-2.0
"""

import ctypes
import os
from ctypes import CFUNCTYPE, POINTER, byref, c_char_p, c_float, c_int, c_size_t, c_uint, c_void_p

HOST_TO_DEVICE, DEVICE_TO_HOST = 1, 2
NON_BLOCKING = 1  # of a stream
CAPTURE_RELAXED = 2
NOT_READY = 600

library = ctypes.CDLL(os.environ.get("HIP_LIBRARY", "libamdhip64.so"))

HOST_FUNCTION = CFUNCTYPE(None, c_void_p)
_handle = c_void_p
_out = POINTER(c_void_p)
SIGNATURES = {
    "hipDeviceSynchronize": [],
    "hipEventCreate": [_out],
    "hipEventDestroy": [_handle],
    "hipEventElapsedTime": [POINTER(c_float), _handle, _handle],
    "hipEventQuery": [_handle],
    "hipEventRecord": [_handle, _handle],
    "hipEventSynchronize": [_handle],
    "hipFree": [c_void_p],
    "hipFreeAsync": [c_void_p, _handle],
    "hipGetProcAddress": [c_char_p, _out, c_int, ctypes.c_uint64, POINTER(c_int)],
    "hipGraphDestroy": [_handle],
    "hipGraphExecDestroy": [_handle],
    "hipGraphInstantiate": [_out, _handle, c_void_p, c_void_p, c_size_t],
    "hipGraphLaunch": [_handle, _handle],
    "hipLaunchHostFunc": [_handle, HOST_FUNCTION, c_void_p],
    "hipMalloc": [_out, c_size_t],
    "hipMallocAsync": [_out, c_size_t, _handle],
    "hipMemcpy": [c_void_p, c_void_p, c_size_t, c_int],
    "hipMemcpyAsync": [c_void_p, c_void_p, c_size_t, c_int, _handle],
    "hipMemset": [c_void_p, c_int, c_size_t],
    "hipMemsetAsync": [c_void_p, c_int, c_size_t, _handle],
    "hipModuleGetFunction": [_out, _handle, c_char_p],
    "hipModuleLaunchKernel": [_handle, *[c_uint] * 7, _handle, POINTER(c_void_p), POINTER(c_void_p)],
    "hipModuleLoadData": [_out, c_void_p],
    "hipModuleUnload": [_handle],
    "hipStreamBeginCapture": [_handle, c_int],
    "hipStreamCreateWithFlags": [_out, c_uint],
    "hipStreamDestroy": [_handle],
    "hipStreamEndCapture": [_handle, _out],
    "hipStreamSynchronize": [_handle],
    "hipStreamWaitEvent": [_handle, _handle, c_uint],
}


class Error(Exception):
    def __init__(self, name, code):
        super().__init__(f"{name} returned {code}")
        self.code = code


def code_of(name, *arguments):
    """Calls a function and returns its code."""
    function = getattr(library, name)
    function.argtypes = SIGNATURES[name]
    return function(*arguments)


def call(name, *arguments):
    code = code_of(name, *arguments)
    if code != 0:
        raise Error(name, code)


def make(name, *arguments):
    """Calls a function whose first argument receives a handle or an address; returns that."""
    result = c_void_p()
    call(name, byref(result), *arguments)
    return result


class Words:
    """32-bit numbers in device memory."""

    def __init__(self, values):
        self.host = (ctypes.c_uint32 * len(values))(*values)
        self.address = make("hipMalloc", ctypes.sizeof(self.host))
        call("hipMemcpy", self.address, self.host, ctypes.sizeof(self.host), HOST_TO_DEVICE)

    def read_async(self, stream):
        """Copies them to self.host."""
        call(
            "hipMemcpyAsync",
            self.host,
            self.address,
            ctypes.sizeof(self.host),
            DEVICE_TO_HOST,
            stream,
        )

    def read(self):
        """As they are once the null stream has come to here."""
        call("hipMemcpy", self.host, self.address, ctypes.sizeof(self.host), DEVICE_TO_HOST)
        return list(self.host)

    def free(self):
        call("hipFree", self.address)


class Kernel:
    def __init__(self, module, name):
        self.function = make("hipModuleGetFunction", module, name.encode())

    def launch(self, stream, *arguments, by=None):
        """Arguments are ctypes objects, which may change as soon as this returns; `by` is what
        launches in place of hipModuleLaunchKernel."""
        addresses = (c_void_p * len(arguments))(*[ctypes.addressof(a) for a in arguments])
        shape = (1, 1, 1, 64, 1, 1)
        launcher = by or (lambda *a: code_of("hipModuleLaunchKernel", *a))
        code = launcher(self.function, *shape, 0, stream, addresses, None)
        if code != 0:
            raise Error("hipModuleLaunchKernel", code)
