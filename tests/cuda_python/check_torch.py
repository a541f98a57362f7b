"""PyTorch on a GPU, unmodified, alone and with libxsched_cuda.so preloaded: the results are the same, bit by
bit, and the hooks were reached. Cases: a convolutional net, training with mixed precision, a transformer
block with torch.compile, CUDA graphs, threads with streams of their own, DataLoader with forked workers.

Needs a machine with a GPU and PyTorch; elsewhere it says so and ends with 77.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SKIPPED = 77
OWN_SETTINGS = ("XSCHED_", "XLOG_", "CUDASIM_")


def what_is_missing():
    ask = "import torch; print(torch.__version__, torch.cuda.is_available())"
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True)
    if answer.returncode != 0:
        return f"{sys.executable} has no PyTorch"
    version, available = answer.stdout.split()
    if available != "True":
        return f"PyTorch {version} finds no GPU"
    print(f"PyTorch {version}")
    return None


def run(cases, deadline, preload=None, **settings):
    """The results by case, and what the interposer said: {name: number}."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(OWN_SETTINGS)}
    env |= {"PYTHONDONTWRITEBYTECODE": "1", **settings}
    if preload:
        env |= {"LD_PRELOAD": preload}
    program = subprocess.Popen(
        [sys.executable, HERE / "torch_cases.py", *cases],
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        output, errors = program.communicate(timeout=max(1, deadline - time.monotonic()))
        ended = f"ended with {program.returncode}"
    except subprocess.TimeoutExpired:
        os.killpg(program.pid, signal.SIGKILL)  # its workers, too
        output, errors = program.communicate()
        ended = "did not end in time"
    for line in output.splitlines():
        print("   ", line)
    if program.returncode != 0:
        print(errors[-4000:])
        print(f"FAILED: {'preloaded' if preload else 'alone'}, {ended}")
        return None, {}
    results = [line for line in output.splitlines() if not line.startswith("#")]
    seen = {
        name.strip(): int(number)
        for line in output.splitlines()
        if line.startswith("#")
        for name, number in re.findall(r"([\w ]+)[=:] ?(\d+)", line)
    }
    return results, seen


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.split("SPDX")[0], formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preload", required=True, type=os.path.abspath, help="libxsched_cuda.so")
    parser.add_argument("--seconds", type=float, default=170, help="give up after so long")
    parser.add_argument("cases", nargs="*", help="only these cases of torch_cases.py")
    options = parser.parse_args()
    if not os.path.exists(options.preload):
        parser.error(f"there is no {options.preload}")
    missing = what_is_missing()
    if missing:
        print(f"SKIPPED: {missing}: nothing was tested")
        return SKIPPED

    deadline = time.monotonic() + options.seconds
    print("alone")
    alone, _ = run(options.cases, deadline)
    failed = alone is None
    for gate in ("auto", "host"):
        # What it takes longest to compile is compiled now.
        cases = options.cases if gate == "auto" else ["threads", "graphs"]
        print(f"preloaded, XSCHED_GATE={gate}")
        results, seen = run(cases, deadline, options.preload, XSCHED_GATE=gate)
        if results is None:
            failed = True
            continue
        different = [line for line in results if line not in (alone or [])]
        if different or (gate == "auto" and results != alone):
            failed = True
            print(f"FAILED: other results than alone: {different or results}")
            print("alone, once more")
            again, _ = run(cases, deadline)
            if again and any(line not in (alone or []) for line in again):
                print("Alone they differ from run to run, too: on this machine this proves nothing")
        if seen.get("admitted", 0) == 0 or seen.get("queues", 0) == 0:
            failed = True
            print(f"FAILED: the hooks were not reached: {seen}")
    print("FAILED" if failed else "passed: the same results, bit by bit, in every way")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
