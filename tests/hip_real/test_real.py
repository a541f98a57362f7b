"""The interposer before AMD's own library: run by ci/hip_real.sh, once for each release of it.

HIP_REAL_ROOT is what fetch_packages.sh made, HIP_PRELOAD the interposer.

SPDX-License-Identifier: Apache-2.0
"""

import csv
import os
import re
import unittest
from pathlib import Path

import shared_tests
from calls import calls
from library import SHARED, exports, imports
from runtime import Runtime, hip_symbols
from shared_tests import BUILD

HERE = Path(__file__).resolve().parent
PRELOAD = Path(os.environ["HIP_PRELOAD"]).resolve()
RUNTIME = Runtime(os.environ["HIP_REAL_ROOT"])

with open(HERE / "../../hipsim/abi/functions.csv", newline="") as table:
    FUNCTIONS = list(csv.DictReader(table))

REAL = exports(RUNTIME.library)
HOOKED = hip_symbols(exports(PRELOAD))

# Hooks that count nothing when called with empty arguments: look-ups, and lists of streams.
UNCOUNTED = re.compile("hipGetProcAddress|hipGetDriverEntryPoint|MultiDevice|WithParams")

# A library that uses HIP, and a function of its own that makes it do so. What all are called with is
# rocrand_rng_pseudo_xorwow, and to others, such as ncclCommInitAll, a number that is not zero.
PSEUDO_XORWOW = "401"
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


class ReturnCodes(shared_tests.ReturnCodes, unittest.TestCase):
    LIBRARY, PRELOAD = RUNTIME, PRELOAD
    CALLS = calls(FUNCTIONS, REAL)
    EXPECTED = 500

    @staticmethod
    def counts(name):
        return name in HOOKED and not UNCOUNTED.search(name)


class LoadOrder(shared_tests.LoadOrder, unittest.TestCase):
    LIBRARY, PRELOAD = RUNTIME, PRELOAD
    # One of each: asynchronous, synchronising, launching; and one that no hook is for.
    NAMES = ["hipMemcpyAsync", "hipDeviceSynchronize", "hipModuleLaunchKernel"]
    NOT_HOOKED = "hipGetDeviceCount"

    def test_preloaded_and_looked_up_with_a_version(self):
        versioned = [s for n in self.NAMES for s in ("handle", f"{n}@{REAL[n]}")]
        self.check("local", self.REAL, *versioned, preload=PRELOAD)


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clients = clients_here()
        assert cls.clients, "this release has no client library"
        cls.program = RUNTIME.compile(
            SHARED / "client.c", Path(BUILD.name) / "client", *cls.clients
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
                plain = RUNTIME.run(self.program, function, PSEUDO_XORWOW)
                preloaded = RUNTIME.run(
                    self.program, function, PSEUDO_XORWOW, preload=PRELOAD
                )
                print(f"\n  {plain.stdout.strip() or plain.stderr.strip()}")
                self.assertNotEqual(plain.returncode, 2, f"{client.name} has no {function}")
                for what in ("returncode", "stdout", "stderr"):
                    self.assertEqual(getattr(plain, what), getattr(preloaded, what), what)


if __name__ == "__main__":
    unittest.main(verbosity=2)
