"""A program of hip-python, AMD's bindings, which find each function with dlsym when first called.

They hold the interpreter's lock while a call is made, also one that waits.

SPDX-License-Identifier: Apache-2.0
"""

import array
import ctypes

import common
from hip import hip

COUNT = 64


def check(result):
    """What a call returned besides its code."""
    code, *values = result
    if code != hip.hipError_t.hipSuccess:
        raise RuntimeError(str(code))
    return values[0] if len(values) == 1 else tuple(values)


def words(values):
    return array.array("I", values)


def size_of(host):
    return len(host) * host.itemsize


def on_device(values):
    host = words(values)
    memory = check(hip.hipMalloc(size_of(host)))
    check(hip.hipMemcpy(memory, host, size_of(host), hip.hipMemcpyKind.hipMemcpyHostToDevice))
    return memory


def launch(kernel, stream, *arguments):
    check(hip.hipModuleLaunchKernel(kernel, 1, 1, 1, 64, 1, 1, 0, stream, None, arguments))


def null_stream(add):
    sums, terms = on_device(range(COUNT)), on_device([10] * COUNT)
    for _ in range(5):
        launch(add, None, sums, terms, ctypes.c_uint32(COUNT))
    result = words([0] * COUNT)
    size = size_of(result)
    check(hip.hipMemcpy(result, sums, size, hip.hipMemcpyKind.hipMemcpyDeviceToHost))
    print("null stream", list(result))
    check(hip.hipFree(sums))
    check(hip.hipFree(terms))


def order(append):
    streams = [check(hip.hipStreamCreateWithFlags(hip.hipStreamNonBlocking)) for _ in range(2)]
    page = on_device([0] * 256)
    for index in range(40):
        stream, other = streams[index % 2], streams[(index + 1) % 2]
        launch(append, stream, page, ctypes.c_uint32(index))
        event = check(hip.hipEventCreate())
        check(hip.hipEventRecord(event, stream))
        check(hip.hipStreamWaitEvent(other, event, 0))
        check(hip.hipEventDestroy(event))
    result = words([0] * 256)
    kind = hip.hipMemcpyKind.hipMemcpyDeviceToHost
    check(hip.hipMemcpyAsync(result, page, size_of(result), kind, streams[0]))
    check(hip.hipStreamSynchronize(streams[0]))
    print("two streams in turn", list(result)[:41])
    for stream in streams:
        check(hip.hipStreamDestroy(stream))
    check(hip.hipFree(page))


def graph(add):
    stream = check(hip.hipStreamCreate())
    sums, terms = on_device([0] * COUNT), on_device(range(COUNT))
    check(hip.hipStreamBeginCapture(stream, hip.hipStreamCaptureMode.hipStreamCaptureModeRelaxed))
    for _ in range(3):
        launch(add, stream, sums, terms, ctypes.c_uint32(COUNT))
    captured = check(hip.hipStreamEndCapture(stream))
    executable = check(hip.hipGraphInstantiateWithFlags(captured, 0))
    for _ in range(4):
        check(hip.hipGraphLaunch(executable, stream))
    result = words([0] * COUNT)
    kind = hip.hipMemcpyKind.hipMemcpyDeviceToHost
    check(hip.hipMemcpyAsync(result, sums, size_of(result), kind, stream))
    check(hip.hipDeviceSynchronize())
    print("graph", list(result))
    check(hip.hipGraphExecDestroy(executable))
    check(hip.hipGraphDestroy(captured))
    check(hip.hipStreamDestroy(stream))
    check(hip.hipFree(sums))
    check(hip.hipFree(terms))


def main():
    print("devices", check(hip.hipGetDeviceCount()))
    module = check(hip.hipModuleLoadData(common.IMAGE))
    append = check(hip.hipModuleGetFunction(module, b"append"))
    add = check(hip.hipModuleGetFunction(module, b"add"))
    null_stream(add)
    order(append)
    graph(add)
    check(hip.hipModuleUnload(module))
    common.finish()


if __name__ == "__main__":
    main()
