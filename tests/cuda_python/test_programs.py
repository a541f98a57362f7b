"""Each way of ctypes_client.py, alone and preloaded: the same transcripts.

    test_programs.py --preload libxsched_cuda.so --library libcuda_library.so [--driver DIR] [TEST...]

On cudasim (--driver, as ci/cuda.sh does), or on the driver of the machine.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
# A policy over this process, and a queue for every stream.
SCHEDULED = {"XSCHED_SCHEDULER": "LCL", "XSCHED_POLICY": "HPF", "XSCHED_AUTO_XQUEUE": "ON"}
OWN_SETTINGS = ("XSCHED_", "XLOG_", "CUDASIM_")
options = argparse.Namespace()


def run(way, preload=False):
    """A program's transcript, and what it said of the interposer: {name: [numbers]}."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(OWN_SETTINGS)}
    env |= {"PYTHONDONTWRITEBYTECODE": "1", "CUDA_TEST_LIBRARY": options.library}
    if options.driver:
        env |= {"LD_LIBRARY_PATH": options.driver}
    if preload:
        env |= {"LD_PRELOAD": options.preload, **SCHEDULED}
    program = subprocess.Popen(
        [sys.executable, "ctypes_client.py", way],
        env=env,
        cwd=HERE,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        output, errors = program.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(program.pid, signal.SIGKILL)  # its workers, too
        output, errors = program.communicate()
        errors += "did not end within a minute\n"
    if program.returncode != 0 or "cudasim:" in errors:
        raise AssertionError(f"{way} ended with {program.returncode}\n{output}{errors}")
    transcript, seen = [], {}
    for line in output.splitlines():
        if line.startswith("#"):
            for name, number in re.findall(r"([\w ]+)[=:] ?(\d+)", line):
                seen.setdefault(name.strip(), []).append(int(number))
        else:
            transcript.append(line)
    return transcript, seen


class Programs(unittest.TestCase):
    def same(self, way):
        """Runs a program alone and preloaded. Returns what it said of the interposer."""
        alone, nothing = run(way)
        preloaded, seen = run(way, preload=True)
        self.assertEqual(nothing, {}, "an interposer although none is preloaded")
        self.assertEqual(alone, preloaded)
        self.assertIn("violations 0", alone)
        self.assertGreater(min(seen["admitted"]), 0)
        self.assertEqual(seen["bypass_no_queue"], [0])
        return seen

    def test_calls(self):
        self.assertEqual(self.same("calls")["by address"], [1])

    def test_threads(self):
        self.same("threads")

    def test_multiprocessing_fork(self):
        self.assertGreater(min(self.same("fork")["worker calls"]), 0)

    def test_fork_after_the_parent_used_cuda(self):
        self.same("fork_after_use")

    def test_multiprocessing_spawn(self):
        self.assertGreater(min(self.same("spawn")["worker calls"]), 0)

    def test_exec_keeps_the_preload(self):
        self.same("replace")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--preload", required=True, type=os.path.abspath)
    parser.add_argument("--library", required=True, type=os.path.abspath)
    parser.add_argument("--driver", type=os.path.abspath)
    options, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
