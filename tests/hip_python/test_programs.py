"""Each Python program on the stand-in runtime, alone and preloaded: run by ci/hip_python.sh.

HIP_RUNTIME is the directory of the runtime, HIP_PRELOAD the interposer, HIP_KERNELS and HIP_EARLY are
built from kernels.c and early.c. HIP_PYTHON_7 and HIP_PYTHON_10 are interpreters that have these
generations of hip-python; the first has Triton, too.

SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
RUNTIME = os.environ["HIP_RUNTIME"]
PRELOAD = os.environ["HIP_PRELOAD"]
EARLY = os.environ["HIP_EARLY"]
PYTHON_7 = os.environ["HIP_PYTHON_7"]
PYTHON_10 = os.environ["HIP_PYTHON_10"]

# A policy over this process, and a queue for every stream.
SCHEDULED = {"XSCHED_SCHEDULER": "LCL", "XSCHED_POLICY": "HPF", "XSCHED_AUTO_XQUEUE": "ON"}

# What a test does not set itself has its default.
OWN_SETTINGS = ("XSCHED_", "XLOG_", "HIPSIM_", "EARLY_")


def run(python, *command, preload=None, **environment):
    """A program's transcript, and what it said of the interposer: {name: [numbers]}."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(OWN_SETTINGS)}
    env |= {"LD_LIBRARY_PATH": RUNTIME, "PYTHONDONTWRITEBYTECODE": "1", **environment}
    if preload:
        env |= {"LD_PRELOAD": preload, **SCHEDULED}
    program = subprocess.Popen(
        [python, *map(str, command)],
        env=env,
        cwd=HERE,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        output, errors = program.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        os.killpg(program.pid, signal.SIGKILL)  # its workers, too
        output, errors = program.communicate()
        errors += "did not end within two minutes\n"
    if program.returncode != 0 or "hipsim:" in errors:
        raise AssertionError(f"{command} ended with {program.returncode}\n{output}{errors}")
    transcript, seen = [], {}
    for line in output.splitlines():
        if line.startswith("#"):
            for name, number in re.findall(r"([\w ]+)[=:] ?(\d+)", line):
                seen.setdefault(name.strip(), []).append(int(number))
        else:
            transcript.append(line)
    return transcript, seen


class Programs(unittest.TestCase):
    def same(self, *command, python=PYTHON_7, **environment):
        """Runs a program alone and preloaded. Returns what it said of the interposer."""
        alone, nothing = run(python, *command, **environment)
        preloaded, seen = run(python, *command, preload=PRELOAD, **environment)
        self.assertEqual(nothing, {}, "an interposer although none is preloaded")
        self.assertEqual(alone, preloaded)
        self.assertIn("violations 0", alone)
        self.assertGreater(min(seen["admitted"]), 0)
        # The first call is not scheduled: it initialises the runtime.
        self.assertLessEqual(max(seen["bypass_other"]), 1)
        print("\n  " + ", ".join(f"{name} {numbers}" for name, numbers in seen.items()))
        return seen

    def test_ctypes(self):
        seen = self.same("ctypes_client.py", HIP_LIBRARY="libamdhip64.so.7")
        self.assertEqual(seen["by address"], [1])
        self.assertEqual(seen["bypass_no_queue"], [0])

    def test_hip_python(self):
        self.same("hip_python_client.py")

    def test_hip_python_10(self):
        self.same("hip_python_client.py", python=PYTHON_10)

    def test_triton(self):
        with tempfile.TemporaryDirectory() as cache:
            self.same(
                "triton_client.py",
                TRITON_CACHE_DIR=cache,
                TRITON_LIBHIP_PATH=f"{RUNTIME}/libamdhip64.so",
            )

    def test_priorities(self):
        seen = self.same("priorities_client.py")
        self.assertEqual(seen["suspends"], [1])

    def test_threads(self):
        self.same("workers.py", "threads")

    def test_multiprocessing_fork(self):
        seen = self.same("workers.py", "fork")
        self.assertGreater(min(seen["worker calls"]), 0)

    def test_fork_after_the_parent_used_hip(self):
        self.same("workers.py", "fork_after_use")

    def test_multiprocessing_spawn(self):
        seen = self.same("workers.py", "spawn")
        self.assertGreater(min(seen["worker calls"]), 0)

    def test_exec_keeps_the_preload(self):
        self.same("workers.py", "replace")

    def test_static_constructor_of_an_imported_library(self):
        self.same("early_client.py")
        self.assertIn("static constructor 0", run(PYTHON_7, "early_client.py")[0])

    def test_static_constructor_that_is_held(self):
        # With every log line: a line's first thread-local memory would take the linker's lock, too.
        for level in ("WARN", "DEBG"):
            with self.subTest(level=level):
                self.same("early_client.py", "held", EARLY_WAIT="1", XLOG_LEVEL=level)

    def test_static_constructor_before_main(self):
        alone, _ = run(PYTHON_7, "early_client.py", LD_PRELOAD=EARLY, EARLY_WAIT="1")
        self.assertIn("static constructor 0", alone)
        for order in (f"{PRELOAD}:{EARLY}", f"{EARLY}:{PRELOAD}"):
            with self.subTest(order=order):
                preloaded, seen = run(PYTHON_7, "early_client.py", preload=order, EARLY_WAIT="1")
                self.assertEqual(alone, preloaded)
                self.assertGreater(seen["admitted"][0], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
