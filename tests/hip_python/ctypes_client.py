"""A program that reaches HIP by ctypes: one function of each kind, on null and other streams.

SPDX-License-Identifier: Apache-2.0
"""

import ctypes
from ctypes import byref, c_int, c_uint32, c_void_p

import common
import hip_ctypes as hip

NULL_STREAM = None
COUNT = 64


def null_stream(kernel):
    sums, terms = hip.Words(range(COUNT)), hip.Words([10] * COUNT)
    for _ in range(5):
        kernel["add"].launch(NULL_STREAM, sums.address, terms.address, c_uint32(COUNT))
    print("null stream", sums.read())
    sums.free()
    terms.free()


def order(kernel):
    """Two streams take turns; each waits for the other's event."""
    streams = [hip.make("hipStreamCreateWithFlags", hip.NON_BLOCKING) for _ in range(2)]
    page = hip.Words([0] * 256)
    for index in range(40):
        stream, other = streams[index % 2], streams[(index + 1) % 2]
        kernel["occupy"].launch(stream, c_uint32(50))
        kernel["append"].launch(stream, page.address, c_uint32(index))
        event = hip.make("hipEventCreate")
        hip.call("hipEventRecord", event, stream)
        hip.call("hipStreamWaitEvent", other, event, 0)
        hip.call("hipEventDestroy", event)
    page.read_async(streams[0])
    hip.call("hipStreamSynchronize", streams[0])
    print("two streams in turn", list(page.host)[:41])
    for stream in streams:
        hip.call("hipStreamDestroy", stream)
    page.free()


def arguments(kernel):
    """A launch has taken its arguments when it returns."""
    stream = hip.make("hipStreamCreateWithFlags", 0)
    page, index = hip.Words([0] * 256), c_uint32()
    for i in range(10):
        index.value = i
        kernel["append"].launch(stream, page.address, index)
    index.value = 99
    page.read_async(stream)
    hip.call("hipStreamSynchronize", stream)
    print("arguments", list(page.host)[:11])
    hip.call("hipStreamDestroy", stream)
    page.free()


def events(kernel):
    """An event of the null stream becomes complete without anybody waiting for it."""
    begin, end = hip.make("hipEventCreate"), hip.make("hipEventCreate")
    hip.call("hipEventRecord", begin, NULL_STREAM)
    kernel["occupy"].launch(NULL_STREAM, c_uint32(2000))
    hip.call("hipEventRecord", end, NULL_STREAM)
    while (code := hip.code_of("hipEventQuery", end)) == hip.NOT_READY:
        pass
    elapsed = ctypes.c_float()
    hip.call("hipEventElapsedTime", byref(elapsed), begin, end)
    print("event", code, "at least 2 ms:", elapsed.value >= 1.99)
    hip.call("hipEventDestroy", begin)
    hip.call("hipEventDestroy", end)


def host_functions():
    """Called back in order by a thread of the runtime, which needs the interpreter's lock."""
    stream = hip.make("hipStreamCreateWithFlags", 0)
    seen = []
    function = hip.HOST_FUNCTION(lambda value: seen.append(value))
    for value in range(1, 11):
        hip.call("hipLaunchHostFunc", stream, function, c_void_p(value))
    hip.call("hipStreamSynchronize", stream)
    print("host functions", seen)
    hip.call("hipStreamDestroy", stream)


def allocation(kernel):
    """Allocated, used and freed in the order of a stream."""
    stream = hip.make("hipStreamCreateWithFlags", 0)
    result = (c_uint32 * COUNT)()
    size = ctypes.sizeof(result)
    terms = hip.Words(range(COUNT))
    for _ in range(10):
        sums = hip.make("hipMallocAsync", size, stream)
        hip.call("hipMemsetAsync", sums, 1, size, stream)
        kernel["add"].launch(stream, sums, terms.address, c_uint32(COUNT))
        hip.call("hipMemcpyAsync", result, sums, size, hip.DEVICE_TO_HOST, stream)
        hip.call("hipFreeAsync", sums, stream)
    hip.call("hipDeviceSynchronize")
    print("allocated in order", list(result))
    hip.call("hipStreamDestroy", stream)
    terms.free()


def graph(kernel):
    stream = hip.make("hipStreamCreateWithFlags", 0)
    sums, terms = hip.Words([0] * COUNT), hip.Words(range(COUNT))
    hip.call("hipStreamBeginCapture", stream, hip.CAPTURE_RELAXED)
    for _ in range(3):
        kernel["add"].launch(stream, sums.address, terms.address, c_uint32(COUNT))
    captured = c_void_p()
    hip.call("hipStreamEndCapture", stream, byref(captured))
    executable = hip.make("hipGraphInstantiate", captured, None, None, 0)
    for _ in range(4):
        hip.call("hipGraphLaunch", executable, stream)
    hip.call("hipStreamSynchronize", stream)
    print("graph", sums.read())
    hip.call("hipGraphExecDestroy", executable)
    hip.call("hipGraphDestroy", captured)
    hip.call("hipStreamDestroy", stream)
    sums.free()
    terms.free()


def proc_address(kernel):
    """The way of Triton: the runtime itself says where its functions are."""
    pointer, status = c_void_p(), c_int()
    version = 70_000_000
    hip.call(
        "hipGetProcAddress", b"hipModuleLaunchKernel", byref(pointer), version, 0, byref(status)
    )
    launcher = ctypes.CFUNCTYPE(c_int, *hip.SIGNATURES["hipModuleLaunchKernel"])(pointer.value)
    sums, terms = hip.Words([1] * COUNT), hip.Words([2] * COUNT)
    before = common.hook_stats()
    kernel["add"].launch(NULL_STREAM, sums.address, terms.address, c_uint32(COUNT), by=launcher)
    if before is not None:
        print("# by address:", common.hook_stats().calls - before.calls)
    print("hipGetProcAddress", status.value, sums.read())
    sums.free()
    terms.free()


def errors(kernel):
    """The runtime's own codes."""
    terms = hip.Words([0])
    print(
        "errors",
        hip.code_of("hipMemcpy", terms.address, terms.host, 4, 99),
        hip.code_of("hipEventRecord", None, NULL_STREAM),
        hip.code_of("hipStreamDestroy", None),
        hip.code_of("hipModuleLaunchKernel", None, 1, 1, 1, 1, 1, 1, 0, None, None, None),
    )
    terms.free()


def main():
    module = hip.make("hipModuleLoadData", common.IMAGE)
    kernel = {name: hip.Kernel(module, name) for name in ("append", "add", "occupy")}
    null_stream(kernel)
    order(kernel)
    arguments(kernel)
    events(kernel)
    host_functions()
    allocation(kernel)
    graph(kernel)
    proc_address(kernel)
    errors(kernel)
    hip.call("hipModuleUnload", module)
    common.finish()


if __name__ == "__main__":
    main()
