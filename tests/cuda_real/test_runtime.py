"""The interposer between NVIDIA's runtime library and driver: run by ci/cuda_real.sh, once for each
driver. CUDA_HEADERS is what ci/cuda_headers.sh made; the rest is as in test_driver.py.

SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import unittest
from pathlib import Path

from driver import Driver, Hooks
from library import SHARED, Library
from shared_tests import BUILD

HERE = Path(__file__).resolve().parent
PRELOAD = Path(os.environ["CUDA_PRELOAD"]).resolve()
HEADERS = Path(os.environ["CUDA_HEADERS"]).resolve()
DRIVER = Driver(os.environ["CUDA_REAL_ROOT"])
NO_DRIVER = Library(HERE)
HOOKS = Hooks(PRELOAD)

# How a program comes by the runtime.
RUNTIMES = {
    "shared 12": HEADERS / "12/lib/libcudart.so.12",
    "shared 13": HEADERS / "13/lib/libcudart.so.13",
    "static 13": HEADERS / "13/lib/libcudart_static.a",
}
# Libraries above it, and a function of each that makes it look for a device, with its second argument.
LIBRARIES = {
    "libcublas.so.13": ("cublasCreate_v2", "0"),
    "libcurand.so.10": ("curandCreateGenerator", "101"),  # CURAND_RNG_PSEUDO_XORWOW
}


def linked(source, output, library):
    flags = [f"-Wl,-rpath,{library.parent}"]
    return DRIVER.compile(source, Path(BUILD.name) / output, library, flags=flags)


def setUpModule():
    global WITNESS, CLIENTS
    shared = ["-shared", "-fPIC", "-fvisibility=hidden"]
    WITNESS = DRIVER.compile(
        HERE / "witness.c", Path(BUILD.name) / "witness.so", flags=shared
    )
    CLIENTS = {n: [linked(HERE / "cudart.c", n, library)] for n, library in RUNTIMES.items()}
    for name, call in LIBRARIES.items():
        library = HEADERS / "libraries/lib" / name
        if library.exists():  # only ci/cuda_real.sh --all fetches these
            CLIENTS[name] = [linked(SHARED / "client.c", f"client of {name}", library), *call]


class Runtime(unittest.TestCase):
    def same(self, library, preload, **environment):
        """That each client does the same with the preload as without."""
        for name, client in CLIENTS.items():
            with self.subTest(client=name):
                plain = library.run(*client, **environment)
                preloaded = library.run(*client, preload=preload, **environment)
                self.assertEqual(preloaded.returncode, plain.returncode)
                self.assertEqual(preloaded.stdout, plain.stdout)
                # The only thing that the interposer has to say.
                said = r"\[INFO .*XSCHED_DISABLE: every call passes\n" if environment else ""
                self.assertRegex(preloaded.stderr, f"^{said}{re.escape(plain.stderr)}$")
                self.assertEqual(plain.returncode, 0)
                self.assertGreater(len(plain.stdout), 0)

    def test_calls_return_the_same_codes(self):
        self.same(DRIVER, PRELOAD)

    def test_calls_return_the_same_codes_disabled(self):
        self.same(DRIVER, PRELOAD, XSCHED_DISABLE="ON")

    def test_without_any_driver_calls_return_the_same_codes(self):
        self.same(NO_DRIVER, PRELOAD)

    def test_without_any_driver_other_programs_run(self):
        run = NO_DRIVER.run("/bin/sh", "-c", "echo done", preload=PRELOAD)
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "done\n", ""))

    def test_calls_return_the_same_codes_beside_another_that_hooks_dlsym(self):
        self.same(DRIVER, [PRELOAD, WITNESS])
        self.same(DRIVER, [WITNESS, PRELOAD])


class LookUps(unittest.TestCase):
    def witnessed(self, client, preload=None, **environment):
        """What a client looked up, and the answers: [(question, answer)]."""
        log = Path(BUILD.name) / "witness.log"
        log.unlink(missing_ok=True)
        environment |= {"WITNESS_LOG": str(log), "WITNESS_DEVICE": "1"}
        files = [WITNESS, preload] if preload else [WITNESS]
        run = DRIVER.run(*client, preload=files, **environment)
        self.assertEqual(run.returncode, 0, run.stderr)
        lines = [line.rsplit(" ", 1) for line in log.read_text().splitlines()]
        return run.stdout, [tuple(line) for line in lines]

    def test_each_hooked_function_that_a_runtime_looks_up_is_answered_with_its_hook(self):
        for name, client in CLIENTS.items():
            with self.subTest(client=name):
                plain_output, plain = self.witnessed(client)
                output, preloaded = self.witnessed(client, PRELOAD)
                expected = [(q, HOOKS.in_place_of(answer)) for q, answer in plain]
                hooks = sum(answer.startswith(PRELOAD.name) for _, answer in expected)
                print(f"\n  {name}: {hooks} of {len(expected)} look-ups are answered with hooks")
                self.assertEqual(preloaded, expected)
                self.assertGreater(hooks, 100)
                self.assertEqual(output, plain_output)

    def test_disabled_each_is_answered_with_the_driver_s_own(self):
        for name, client in CLIENTS.items():
            with self.subTest(client=name):
                disabled = self.witnessed(client, PRELOAD, XSCHED_DISABLE="ON")
                self.assertEqual(disabled, self.witnessed(client))


if __name__ == "__main__":
    unittest.main(verbosity=2)
