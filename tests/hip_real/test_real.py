"""The interposer before AMD's own library: run by ci/hip_real.sh, once for each release of it.

HIP_REAL_ROOT is what fetch.sh made, HIP_PRELOAD the interposer.

SPDX-License-Identifier: Apache-2.0
"""

import csv
import os
import re
import signal
import tempfile
import unittest
from pathlib import Path

from calls import calls
from runtime import Runtime, exports, hip_symbols, imports

HERE = Path(__file__).resolve().parent
PRELOAD = Path(os.environ["HIP_PRELOAD"]).resolve()
RUNTIME = Runtime(os.environ["HIP_REAL_ROOT"])
BUILD = tempfile.TemporaryDirectory(prefix="hip_real.")

with open(HERE / "../../hipsim/abi/functions.csv", newline="") as table:
    FUNCTIONS = list(csv.DictReader(table))

REAL = exports(RUNTIME.library)
HOOKED = hip_symbols(exports(PRELOAD))

# Hooks that count nothing when called with empty arguments: look-ups, and lists of streams.
UNCOUNTED = re.compile("hipGetProcAddress|hipGetDriverEntryPoint|MultiDevice|WithParams")

# A library that uses HIP, and a function of its own that makes it do so.
CLIENTS = {
    "librocrand.so.1": "rocrand_create_generator",
    "librocsparse.so.0": "rocsparse_create_handle",
    "librocblas.so.0": "rocblas_create_handle",
    "librocfft.so.0": "rocfft_setup",
    "librccl.so.1": "ncclCommInitAll",
}


def clients_here():
    found = {}
    for name, function in CLIENTS.items():
        try:
            found[RUNTIME.find(name)] = function
        except FileNotFoundError:
            pass  # ci/hip_real.sh lists which packages a release has
    return found


class Exports(unittest.TestCase):
    def test_the_table_says_what_the_library_exports(self):
        column = "rocm_" + RUNTIME.release.replace(".", "_")
        if column not in FUNCTIONS[0]:
            self.skipTest(f"functions.csv has no column for release {RUNTIME.release}")
        table = {f["symbol"]: f["node"] for f in FUNCTIONS if f[column] == "1"}
        self.assertEqual(REAL, table)

    def test_hooks_are_at_the_library_s_nodes(self):
        expected = {name: node for name, node in REAL.items() if name in HOOKED}
        self.assertGreater(len(expected), 100, "hooks that this release has")
        self.assertEqual({name: HOOKED[name] for name in expected}, expected)


class ReturnCodes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        include = Path(BUILD.name)
        (include / "calls.inc").write_text(calls(FUNCTIONS, REAL))
        cls.program = RUNTIME.compile(
            HERE / "call_all.c", include / "call_all", RUNTIME.library, flags=[f"-I{include}"]
        )

    def transcript(self, preload=None):
        """What every call returned, or how it ended the program; and how many calls the hooks
        counted since the program was started last, and which these were."""
        lines = []
        while True:
            start = len(lines)
            run = RUNTIME.run(self.program, start, preload=preload)
            lines += run.stdout.splitlines()
            if run.returncode == 0:
                break
            self.assertLess(run.returncode, 0, run.stderr)
            lines[-1] += signal.Signals(-run.returncode).name
        counted = int(lines.pop().split()[1]) if preload else None
        return lines, counted, lines[start:]

    def test_every_function_returns_the_same_code_with_and_without_the_preload(self):
        plain, _, _ = self.transcript()
        preloaded, counted, last = self.transcript(PRELOAD)
        print(f"\n  {len(plain)} calls, {self.counted(plain)} of them to hooks that count")
        different = [pair for pair in zip(plain, preloaded) if pair[0] != pair[1]]
        self.assertEqual(different[:20], [])
        self.assertEqual(len(plain), len(preloaded))
        self.assertGreater(self.counted(last), 500)
        self.assertGreaterEqual(counted, self.counted(last), "what the hooks counted")

    @staticmethod
    def counted(lines):
        """How many of these calls a hook counts."""
        names = [line.split()[0] for line in lines]
        return sum(name in HOOKED and not UNCOUNTED.search(name) for name in names)


class LoadOrder(unittest.TestCase):
    # One of each: asynchronous, synchronising, launching; and one that no hook is for.
    NAMES = ["hipMemcpyAsync", "hipDeviceSynchronize", "hipModuleLaunchKernel"]
    NOT_HOOKED = "hipGetDeviceCount"
    REAL = RUNTIME.library

    @classmethod
    def setUpClass(cls):
        cls.program = RUNTIME.compile(HERE / "load_order.c", Path(BUILD.name) / "load_order")

    def calls(self, *steps, preload=None):
        """How load_order ended, and [(function, library, code)] of what it printed."""
        run = RUNTIME.run(self.program, *steps, preload=preload)
        self.assertNotIn(run.returncode, (1, 2), run.stderr)
        pattern = r"^(\S+) of (\S+) returned (-?\d+)$"
        return run.returncode, re.findall(pattern, run.stdout, re.MULTILINE)

    def look_ups(self, verb):
        return [step for name in self.NAMES for step in (verb, name)]

    def check(self, *steps, preload=None, like=None):
        """The interposer is found, and its functions return what AMD's return without it: after the
        steps `like`, which are simply to open the library."""
        like = like or ("local", self.REAL, *self.look_ups("handle"))
        reference_end, reference = self.calls(*like)
        end, found = self.calls(*steps, preload=preload)
        self.assertEqual(end, reference_end)
        self.assertEqual({library for _, library, _ in reference} - {self.REAL.name}, set())
        expected = [(name, PRELOAD.name, code) for name, _, code in reference]
        self.assertEqual([(name.split("@")[0], *rest) for name, *rest in found], expected)

    def test_preloaded_and_the_library_opened_locally_later(self):
        self.check("local", self.REAL, *self.look_ups("handle"), preload=PRELOAD)

    def test_preloaded_and_the_library_opened_globally_later(self):
        self.check("global", self.REAL, *self.look_ups("default"), preload=PRELOAD)

    def test_preloaded_and_looked_up_with_a_version(self):
        versioned = [s for n in self.NAMES for s in ("handle", f"{n}@{REAL[n]}")]
        self.check("local", self.REAL, *versioned, preload=PRELOAD)

    def test_preloaded_and_the_library_opened_again_after_it_was_closed(self):
        # 5.7 itself ends the program here: LLVM, which it needs, cannot be loaded twice.
        steps = ("local", self.REAL, "close", "", "global", self.REAL, *self.look_ups("handle"))
        self.check(*steps, preload=PRELOAD, like=steps)

    def test_what_is_not_hooked_is_amd_s(self):
        steps = ("local", self.REAL, "handle", self.NOT_HOOKED)
        self.assertEqual(self.calls(*steps, preload=PRELOAD), self.calls(*steps))

    def test_the_library_before_the_interposer(self):
        self.check("global", self.REAL, "global", PRELOAD, *self.look_ups("handle"))

    def test_the_library_opened_locally_before_the_interposer(self):
        self.check("local", self.REAL, "global", PRELOAD, *self.look_ups("default"))

    def test_the_interposer_before_the_library(self):
        self.check("global", PRELOAD, "global", self.REAL, *self.look_ups("default"))


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clients = clients_here()
        assert cls.clients, "this release has no client library"
        cls.program = RUNTIME.compile(
            HERE / "client.c", Path(BUILD.name) / "client", *cls.clients
        )

    def bindings(self):
        """{(client, symbol): (library, node)} as the dynamic linker reports it."""
        report = Path(BUILD.name) / "bindings"
        run = RUNTIME.run(
            self.program,
            preload=PRELOAD,
            LD_BIND_NOW="1",
            LD_DEBUG="bindings",
            LD_DEBUG_OUTPUT=str(report),
        )
        self.assertEqual(run.returncode, 0, run.stderr)
        pattern = re.compile(
            r"binding file (\S+) \[0\] to (\S+) \[0\]: normal symbol `(\S+)'(?: \[(\S+)\])?"
        )
        found = {}
        for file in report.parent.glob(report.name + ".*"):
            for client, library, symbol, node in pattern.findall(file.read_text()):
                # Later ones are look-ups with dlsym, reported in the name of the library asked.
                key = (os.path.basename(client), symbol)
                found.setdefault(key, (os.path.basename(library), node))
        return found

    def test_hooked_symbols_are_bound_to_the_interposer_and_all_others_to_amd_s_library(self):
        bindings = self.bindings()
        for client in self.clients:
            wanted = {n: v for n, v in imports(client).items() if n in REAL and v.startswith("hip_")}
            expected = {
                (client.name, name): (PRELOAD.name if name in HOOKED else RUNTIME.library.name, node)
                for name, node in wanted.items()
            }
            bound = {key: bindings.get(key) for key in expected}
            hooked = sum(library == PRELOAD.name for library, _ in expected.values())
            print(f"\n  {client.name}: {hooked} symbols hooked, {len(expected) - hooked} not")
            with self.subTest(client=client.name):
                self.assertEqual(bound, expected)

    def test_the_library_s_own_launches_pass_the_interposer(self):
        # unhooked.csv leaves hipLaunchByPtr to this.
        self.assertEqual(
            self.bindings().get((RUNTIME.library.name, "hipModuleLaunchKernel")),
            (PRELOAD.name, REAL["hipModuleLaunchKernel"]),
        )

    def test_clients_return_the_same_codes(self):
        for client, function in self.clients.items():
            with self.subTest(client=client.name, function=function):
                plain = RUNTIME.run(self.program, function)
                preloaded = RUNTIME.run(self.program, function, preload=PRELOAD)
                print(f"\n  {plain.stdout.strip() or plain.stderr.strip()}")
                self.assertNotEqual(plain.returncode, 2, f"{client.name} has no {function}")
                for what in ("returncode", "stdout", "stderr"):
                    self.assertEqual(getattr(plain, what), getattr(preloaded, what), what)


if __name__ == "__main__":
    unittest.main(verbosity=2)
