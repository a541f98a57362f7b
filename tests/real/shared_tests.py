"""Tests that are the same before every vendor's library; a test case names the library and the rest.

SPDX-License-Identifier: Apache-2.0
"""

import re
import signal
import tempfile
from pathlib import Path

from library import SHARED

BUILD = tempfile.TemporaryDirectory(prefix="real.")


class ReturnCodes:
    """Each function called with harmless arguments, with and without the preload."""

    LIBRARY = PRELOAD = CALLS = None  # CALLS: what call_all.c includes
    EXPECTED = 0  # more hooked calls than these

    @staticmethod
    def counts(name):
        """Whether a call of this function is counted by a hook."""
        raise NotImplementedError

    @classmethod
    def setUpClass(cls):
        include = Path(BUILD.name)
        (include / "calls.inc").write_text(cls.CALLS)
        cls.program = cls.LIBRARY.compile(
            SHARED / "call_all.c", include / "call_all", cls.LIBRARY.library, flags=[f"-I{include}"]
        )

    def transcript(self, preload=None, **environment):
        """What every call returned, or how it ended the program; and how many calls the hooks
        counted since the program was started last, and which these were."""
        lines = []
        while True:
            start = len(lines)
            run = self.LIBRARY.run(self.program, start, preload=preload, **environment)
            lines += run.stdout.splitlines()
            if run.returncode == 0:
                break
            self.assertLess(run.returncode, 0, run.stderr)
            lines[-1] += signal.Signals(-run.returncode).name
        counted = int(lines.pop().split()[1]) if preload else None
        return lines, counted, lines[start:]

    def test_every_function_returns_the_same_code_with_and_without_the_preload(self):
        plain, _, _ = self.transcript()
        preloaded, counted, last = self.transcript(self.PRELOAD)
        print(f"\n  {len(plain)} calls, {self.counted(plain)} of them to hooks that count")
        different = [pair for pair in zip(plain, preloaded) if pair[0] != pair[1]]
        self.assertEqual(different[:20], [])
        self.assertEqual(len(plain), len(preloaded))
        self.assertGreater(self.counted(last), self.EXPECTED)
        self.assertGreaterEqual(counted, self.counted(last), "what the hooks counted")

    def counted(self, lines):
        """How many of these calls a hook counts."""
        return sum(self.counts(line.split()[0]) for line in lines)


class LoadOrder:
    """The library and the interposer loaded in every order."""

    LIBRARY = PRELOAD = NOT_HOOKED = None
    NAMES = ()

    @classmethod
    def setUpClass(cls):
        cls.program = cls.LIBRARY.compile(SHARED / "load_order.c", Path(BUILD.name) / "load_order")
        cls.REAL = cls.LIBRARY.library

    def calls(self, *steps, preload=None):
        """How load_order ended, and [(function, library, code)] of what it printed."""
        run = self.LIBRARY.run(self.program, *steps, preload=preload)
        self.assertNotIn(run.returncode, (1, 2), run.stderr)
        pattern = r"^(\S+) of (\S+) returned (-?\d+)$"
        return run.returncode, re.findall(pattern, run.stdout, re.MULTILINE)

    def look_ups(self, verb):
        return [step for name in self.NAMES for step in (verb, name)]

    def check(self, *steps, preload=None, like=None):
        """The interposer is found, and its functions return what the library's return without it:
        after the steps `like`, which are simply to open the library."""
        like = like or ("local", self.REAL, *self.look_ups("handle"))
        reference_end, reference = self.calls(*like)
        end, found = self.calls(*steps, preload=preload)
        self.assertEqual(end, reference_end)
        self.assertEqual({library for _, library, _ in reference} - {self.REAL.name}, set())
        expected = [(name, self.PRELOAD.name, code) for name, _, code in reference]
        self.assertEqual([(name.split("@")[0], *rest) for name, *rest in found], expected)

    def test_preloaded_and_the_library_opened_locally_later(self):
        self.check("local", self.REAL, *self.look_ups("handle"), preload=self.PRELOAD)

    def test_preloaded_and_the_library_opened_globally_later(self):
        self.check("global", self.REAL, *self.look_ups("default"), preload=self.PRELOAD)

    def test_preloaded_and_the_library_opened_again_after_it_was_closed(self):
        # What the library itself makes of that is the reference: AMD's 5.7 ends the program, because
        # LLVM, which it needs, cannot be loaded twice.
        steps = ("local", self.REAL, "close", "", "global", self.REAL, *self.look_ups("handle"))
        self.check(*steps, preload=self.PRELOAD, like=steps)

    def test_what_is_not_hooked_is_the_library_s(self):
        steps = ("local", self.REAL, "handle", self.NOT_HOOKED)
        self.assertEqual(self.calls(*steps, preload=self.PRELOAD), self.calls(*steps))

    def test_the_library_before_the_interposer(self):
        self.check("global", self.REAL, "global", self.PRELOAD, *self.look_ups("handle"))

    def test_the_library_opened_locally_before_the_interposer(self):
        self.check("local", self.REAL, "global", self.PRELOAD, *self.look_ups("default"))

    def test_the_interposer_before_the_library(self):
        self.check("global", self.PRELOAD, "global", self.REAL, *self.look_ups("default"))
