"""The interposer before NVIDIA's own driver: run by ci/cuda_real.sh, once for each release of it.

CUDA_REAL_ROOT is what fetch_packages.sh made, CUDA_PRELOAD the interposer.

SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import unittest
from pathlib import Path

import shared_tests
from calls import calls
from driver import Driver, Functions, Hooks, cuda_symbols
from shared_tests import BUILD

HERE = Path(__file__).resolve().parent
PRELOAD = Path(os.environ["CUDA_PRELOAD"]).resolve()
DRIVER = Driver(os.environ["CUDA_REAL_ROOT"])
FUNCTIONS = Functions()

REAL = cuda_symbols(DRIVER.library)
HOOKS = Hooks(PRELOAD)

# In the headers, but only in the drivers of NVIDIA's own computers.
ELSEWHERE = {"cuEventCreateFromEGLSync"}
# Exported by drivers, the last four by the newest only, and in none of the headers of the list.
UNLISTED = {
    "cuEGLApiInit",
    "cuMemGetAttribute",
    "cuMemGetAttribute_v2",
    "cuProfilerInitialize",
    "cuProfilerStart",
    "cuProfilerStop",
    "cuDriverGetGpuCodeIsaVersion",
    "cuSubgridCreate",
    "cuSubgridWorkerGridCreate",
    "cuSubgridWorksetCreate",
}
# Hooks that no queue is concerned with.
UNCOUNTED = re.compile("cuGetProcAddress")


class Answers(unittest.TestCase):
    """What the driver answers is the list's word for it; the preload puts hooks in the place."""

    FLAGS = range(5)  # legacy, per thread, both, and one that there is not

    @classmethod
    def setUpClass(cls):
        build = Path(BUILD.name)
        cls.program = DRIVER.compile(HERE / "answers.c", build / "answers")
        cls.neighbour = DRIVER.compile(
            HERE / "witness.c", build / "neighbour.so", flags=["-shared", "-fPIC"]
        )
        versions = [0, *FUNCTIONS.versions, 12345, 99000]
        names = [*FUNCTIONS.bases, "cuProfilerStart", "cuMemAlloc_v2", "cuNothing", "cu", "-"]
        cls.asked = [f"proc {n} {v} {f}" for n in names for v in versions for f in cls.FLAGS]
        symbols = sorted({*FUNCTIONS.version, *UNLISTED, "cuNothing", "cudaMalloc", "printf"})
        looked_up = [f"{v} {s}" for v in ("handle", "default", "versioned") for s in symbols]
        cls.questions = cls.asked + looked_up
        cls.version, cls.plain = cls.answers()

    @classmethod
    def answers(cls, preload=None, **environment):
        """The driver's version, and {question: answers}."""
        questions = "\n".join(cls.questions)
        run = DRIVER.run(cls.program, preload=preload, input=questions, **environment)
        assert run.returncode == 0, run.stderr
        version, *lines = run.stdout.splitlines()
        pairs = [line.split(" | ") for line in lines]
        return int(version), {question: answers for question, *answers in pairs}

    def assertSame(self, found, expected):
        different = {q: (found.get(q), a) for q, a in expected.items() if found.get(q) != a}
        self.assertEqual(dict(list(different.items())[:20]), {})
        self.assertEqual(len(found), len(expected))

    def expected(self):
        """The answers with hooks in the place of the functions that are hooked."""
        return {
            question: [" ".join(map(HOOKS.in_place_of, answer.split())) for answer in answers]
            for question, answers in self.plain.items()
        }

    def test_the_driver_exports_what_the_list_says(self):
        known = {s for s, version in FUNCTIONS.version.items() if version <= self.version}
        self.assertEqual(known - REAL, ELSEWHERE)
        self.assertEqual(REAL - set(FUNCTIONS.version) - UNLISTED, set())

    def test_hooks_are_functions_of_the_list(self):
        self.assertEqual(HOOKS.names - set(FUNCTIONS.version), set())
        self.assertGreater(len(HOOKS.names & REAL), 150, "hooks of functions that this driver has")

    def test_the_driver_s_answers_are_the_list_s(self):
        expected, found = {}, {}
        for question in self.asked:
            _, name, version, flags = question.split()
            symbol = FUNCTIONS.symbol(name, int(version), int(flags))
            newer = int(version) > self.version
            if int(flags) > 3 or newer or name == "cuProfilerStart" or symbol in ELSEWHERE:
                continue  # refused, or not the list's to say
            expected[question] = f"libcuda.so.1:{symbol}" if symbol else "NULL"
            found[question] = self.plain[question][1].split()[1]
        print(f"\n  CUDA {self.version}: {len(expected)} answers")
        self.assertSame(found, expected)

    def test_hooked_functions_are_answered_with_their_hooks_and_all_others_with_the_driver_s(self):
        version, found = self.answers(PRELOAD)
        expected = self.expected()
        replaced = {q for q, answers in expected.items() if answers != self.plain[q]}
        print(f"\n  {len(replaced)} of {len(expected)} answers are hooks")
        self.assertGreater(len(replaced), 5000)
        self.assertEqual(version, self.version)
        self.assertSame(found, expected)

    def test_another_library_that_hooks_dlsym_behind_or_in_front_changes_no_answer(self):
        for preload in [PRELOAD, self.neighbour], [self.neighbour, PRELOAD]:
            with self.subTest(first=preload[0].name):
                _, found = self.answers(preload)
                self.assertSame(found, self.expected())

    def test_disabled_every_answer_is_the_driver_s(self):
        _, found = self.answers(PRELOAD, XSCHED_DISABLE="ON")
        self.assertSame(found, self.plain)


class ReturnCodes(shared_tests.ReturnCodes, unittest.TestCase):
    LIBRARY, PRELOAD = DRIVER, PRELOAD
    CALLS = calls(FUNCTIONS.rows, REAL)
    EXPECTED = 500

    @staticmethod
    def counts(name):
        return name in HOOKS.names and not UNCOUNTED.search(name)

    def test_every_function_returns_the_same_code_with_the_preload_disabled(self):
        plain, _, _ = self.transcript()
        disabled, _, _ = self.transcript(PRELOAD, XSCHED_DISABLE="ON")
        self.assertEqual(disabled, plain)


class LoadOrder(shared_tests.LoadOrder, unittest.TestCase):
    LIBRARY, PRELOAD = DRIVER, PRELOAD
    # One of each: asynchronous, synchronising, launching; and one that no hook is for.
    NAMES = ["cuMemcpyHtoDAsync_v2", "cuCtxSynchronize", "cuLaunchKernel_ptsz"]
    NOT_HOOKED = "cuDeviceGetCount"


if __name__ == "__main__":
    unittest.main(verbosity=2)
