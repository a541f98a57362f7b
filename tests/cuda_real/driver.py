"""One of NVIDIA's drivers as fetch_packages.sh laid it out, and the list of the driver's functions.

SPDX-License-Identifier: Apache-2.0
"""

import csv
import re
from collections import defaultdict
from pathlib import Path

from library import Library, exports

LIST = Path(__file__).resolve().parents[2] / "src/interpose/cuda/functions.csv"
SYMBOL = re.compile(r"cu[A-Z]")
PER_THREAD = 2  # the flag of cuGetProcAddress


class Driver(Library):
    def __init__(self, root):
        super().__init__(root)
        self.library = self.find("libcuda.so.1")
        self.environment = {"LD_LIBRARY_PATH": str(self.library.parent)}


def cuda_symbols(library):
    return {name for name in exports(library) if SYMBOL.match(name)}


class Hooks:
    def __init__(self, preload):
        self.preload = preload.name
        self.names = cuda_symbols(preload)

    def in_place_of(self, answer):
        """An answer of the driver's, libcuda.so.1:cuLaunchKernel, as the interposer gives it."""
        library, _, symbol = answer.partition(":")
        hooked = library == "libcuda.so.1" and symbol in self.names
        return f"{self.preload}:{symbol}" if hooked else answer


class Functions:
    def __init__(self):
        with open(LIST, newline="") as table:
            self.rows = list(csv.DictReader(table))
        self.version = {row["symbol"]: int(row["version"]) for row in self.rows}
        self.bases = sorted({row["base"] for row in self.rows})
        self.versions = sorted(set(self.version.values()))
        self._named = defaultdict(dict)
        for row in self.rows:
            group = self._named[row["base"], row["variant"] != "legacy"]
            group[int(row["version"])] = row["symbol"]

    def symbol(self, base, version, flags):
        """Which symbol this name is at this version of CUDA, or None. Where a function has variants
        for the thread's own default stream, that flag means one of them or nothing."""
        per_thread = bool(flags & PER_THREAD) and (base, True) in self._named
        known = self._named.get((base, per_thread), {})
        return known.get(max((v for v in known if v <= version), default=None))
