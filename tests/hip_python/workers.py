"""HIP in threads and in processes made by multiprocessing or exec: workers.py HOW.

SPDX-License-Identifier: Apache-2.0
"""

import multiprocessing
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from ctypes import c_uint32

import common
import hip_ctypes as hip

WORKERS = 3
COUNT = 64


def work(seed):
    """The same numbers on the null stream and on one of its own."""
    module = hip.make("hipModuleLoadData", common.IMAGE)
    add = hip.Kernel(module, "add")
    sums, terms = hip.Words([seed] * COUNT), hip.Words(range(COUNT))
    for _ in range(20):
        add.launch(None, sums.address, terms.address, c_uint32(COUNT))
    null_stream = sums.read()
    stream = hip.make("hipStreamCreateWithFlags", hip.NON_BLOCKING)
    for _ in range(20):
        add.launch(stream, sums.address, terms.address, c_uint32(COUNT))
    sums.read_async(stream)
    hip.call("hipStreamSynchronize", stream)
    result = null_stream + list(sums.host)
    hip.call("hipStreamDestroy", stream)
    sums.free()
    terms.free()
    hip.call("hipModuleUnload", module)
    return result


def work_and_report(seed):
    """What a worker process sends to its parent."""
    stats = common.hook_stats()
    before = stats.calls if stats else 0
    result = work(seed)
    stats = common.hook_stats()
    return os.getpid(), result, common.violations(), stats.calls - before if stats else None


def in_processes(method):
    context = multiprocessing.get_context(method)
    with context.Pool(WORKERS) as pool:
        reports = pool.map(work_and_report, range(WORKERS), chunksize=1)
        pool.close()
        pool.join()
    for _, result, violations, calls in reports:
        print("worker", result, "violations", violations)
        if calls is not None:
            print("# worker calls:", calls)


def threads():
    with ThreadPoolExecutor(WORKERS) as pool:
        for result in pool.map(work, range(WORKERS)):
            print("worker", result)


def fork():
    """The processes are made before the parent's first use of HIP, as frameworks ask for."""
    in_processes("fork")
    print("parent", work(100))


def fork_after_use():
    """The parent has used HIP; the children do not, and end as they would have."""
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
    """This process, which has used HIP, becomes another program."""
    print("parent", work(100))
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, __file__, "threads"])


WAYS = {function.__name__: function for function in (threads, fork, fork_after_use, spawn, replace)}

if __name__ == "__main__":
    WAYS[sys.argv[1]]()
    common.finish()
