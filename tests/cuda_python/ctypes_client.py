"""A program on the CUDA driver API, by ctypes, in one process or several: ctypes_client.py [WAY].

SPDX-License-Identifier: Apache-2.0
"""

import ctypes
import multiprocessing
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from ctypes import byref, c_int, c_uint32, c_uint64, c_void_p

import cuda_ctypes as cuda
import interposer

COUNT = 64
WORKERS = 3


def order(module):
    """Two streams take turns; events hold them together."""
    append = cuda.Kernel(module, "append_u32")
    streams = [cuda.make("cuStreamCreate", cuda.NON_BLOCKING) for _ in range(2)]
    page = cuda.Words([0] * 256)
    for index in range(40):
        stream, other = streams[index % 2], streams[(index + 1) % 2]
        append.launch(stream, page.address, c_uint32(index))
        event = cuda.make("cuEventCreate", 0)
        cuda.call("cuEventRecord", event, stream)
        cuda.call("cuStreamWaitEvent", other, event, 0)
        cuda.call("cuEventDestroy_v2", event)
    cuda.call("cuCtxSynchronize")
    print("two streams in turn", page.read()[:41])
    for stream in streams:
        cuda.call("cuStreamDestroy_v2", stream)
    page.free()


def host_functions():
    """Called back in order by a thread of the driver, which needs the interpreter's lock."""
    stream = cuda.make("cuStreamCreate", cuda.NON_BLOCKING)
    seen = []
    function = cuda.HOST_FUNCTION(lambda value: seen.append(value))
    for value in range(1, 11):
        cuda.call("cuLaunchHostFunc", stream, function, c_void_p(value))
    cuda.call("cuStreamSynchronize", stream)
    print("host functions", seen)
    cuda.call("cuStreamDestroy_v2", stream)


def allocation(module):
    """Allocated, used and freed in the order of a stream."""
    add = cuda.Kernel(module, "add_u32")
    stream = cuda.make("cuStreamCreate", cuda.NON_BLOCKING)
    result = (c_uint32 * COUNT)()
    for value in range(10):
        words = c_uint64()
        cuda.call("cuMemAllocAsync", byref(words), ctypes.sizeof(result), stream)
        cuda.call("cuMemsetD32Async", words, value, COUNT, stream)
        add.launch(stream, words, c_uint32(5), c_uint32(COUNT))
        cuda.call("cuMemcpyDtoHAsync_v2", result, words, ctypes.sizeof(result), stream)
        cuda.call("cuMemFreeAsync", words, stream)
    cuda.call("cuCtxSynchronize")
    print("allocated in order", set(result))
    cuda.call("cuStreamDestroy_v2", stream)


def graph(module):
    add = cuda.Kernel(module, "add_u32")
    stream = cuda.make("cuStreamCreate", cuda.NON_BLOCKING)
    sums = cuda.Words([0] * COUNT)
    cuda.call("cuStreamBeginCapture_v2", stream, cuda.CAPTURE_THREAD_LOCAL)
    for value in (1, 2, 3):
        add.launch(stream, sums.address, c_uint32(value), c_uint32(COUNT))
    captured = c_void_p()
    cuda.call("cuStreamEndCapture", stream, byref(captured))
    executable = cuda.make("cuGraphInstantiateWithFlags", captured, 0)
    for _ in range(4):
        cuda.call("cuGraphLaunch", executable, stream)
    cuda.call("cuStreamSynchronize", stream)
    print("graph", set(sums.read()))
    cuda.call("cuGraphExecDestroy", executable)
    cuda.call("cuGraphDestroy", captured)
    cuda.call("cuStreamDestroy_v2", stream)
    sums.free()


def proc_address(module):
    """The way of frameworks: the driver itself says where its functions are."""
    pointer, status = c_void_p(), c_int()
    cuda.call("cuGetProcAddress_v2", b"cuLaunchKernel", byref(pointer), 12000, 0, byref(status))
    launcher = ctypes.CFUNCTYPE(c_int, *cuda.SIGNATURES["cuLaunchKernel"])(pointer.value)
    sums = cuda.Words([1] * COUNT)
    add = cuda.Kernel(module, "add_u32")
    before = interposer.hook_stats()
    add.launch(cuda.LEGACY, sums.address, c_uint32(4), c_uint32(COUNT), by=launcher)
    if before is not None:
        print("# by address:", interposer.hook_stats().calls - before.calls)
    print("cuGetProcAddress", status.value, set(sums.read()))
    sums.free()


def errors():
    """The driver's own codes."""
    print(
        "errors",
        cuda.code_of("cuMemcpyDtoH_v2", None, 0, 4),
        cuda.code_of("cuEventRecord", None, None),
        cuda.code_of("cuLaunchKernel", None, 1, 1, 1, 1, 1, 1, 0, None, None, None),
    )


def work(seed):
    """The same numbers on the null stream, the thread's own, and one of its own."""
    cuda.start()
    module = cuda.make("cuModuleLoadData", cuda.PTX)
    add = cuda.Kernel(module, "add_u32")
    sums = cuda.Words([seed] * COUNT)
    own = cuda.make("cuStreamCreate", cuda.NON_BLOCKING)
    for stream in (cuda.LEGACY, cuda.PER_THREAD, own):
        for value in range(20):
            add.launch(stream, sums.address, c_uint32(value), c_uint32(COUNT))
        cuda.call("cuStreamSynchronize", stream)
    sums.read_async(own)
    cuda.call("cuStreamSynchronize", own)
    cuda.call("cuStreamDestroy_v2", own)
    result = set(sums.host)
    sums.free()
    cuda.call("cuModuleUnload", module)
    return result


def work_and_report(seed):
    """What a worker process sends to its parent."""
    result = work(seed)
    stats = interposer.hook_stats()
    return result, cuda.violations(), stats.calls if stats else None


def in_processes(method):
    with multiprocessing.get_context(method).Pool(WORKERS) as pool:
        for result, violations, calls in pool.map(work_and_report, range(WORKERS), chunksize=1):
            print("worker", result, "violations", violations)
            if calls is not None:
                print("# worker calls:", calls)


def calls():
    cuda.start()
    module = cuda.make("cuModuleLoadData", cuda.PTX)
    order(module)
    host_functions()
    allocation(module)
    graph(module)
    proc_address(module)
    errors()
    cuda.call("cuModuleUnload", module)


def threads():
    with ThreadPoolExecutor(WORKERS) as pool:
        for result in pool.map(work, range(WORKERS)):
            print("worker", result)


def fork():
    """The processes are made before the parent's first use of CUDA, as frameworks ask for."""
    in_processes("fork")
    print("parent", work(100))


def fork_after_use():
    """The parent has used CUDA; the children do not, and end as they would have."""
    print("parent", work(100))
    sys.stdout.flush()
    for _ in range(WORKERS):
        child = os.fork()
        if child == 0:
            os._exit(7)
        print("child", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    print("parent", work(200))


def spawn():
    """New interpreters, which inherit the environment and so the preload."""
    print("parent", work(100))
    in_processes("spawn")
    print("parent", work(200))


def replace():
    """This process, which has used CUDA, becomes another program."""
    print("parent", work(100))
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, __file__, "threads"])


WAYS = {each.__name__: each for each in (calls, threads, fork, fork_after_use, spawn, replace)}

if __name__ == "__main__":
    WAYS[sys.argv[1] if len(sys.argv) > 1 else "calls"]()
    print("violations", cuda.violations())
    interposer.report()
