"""Is anything that real programs import overlooked? Run by ci/hip_real.sh; needs no runtime.

HIP_PRELOAD is the interposer.

SPDX-License-Identifier: Apache-2.0
"""

import csv
import os
import unittest
from pathlib import Path

from library import exports
from runtime import hip_symbols

ROOT = Path(__file__).resolve().parents[2]
HOOKED = hip_symbols(exports(os.environ["HIP_PRELOAD"]))


def rows(file):
    with open(ROOT / file, newline="") as table:
        return {row["symbol"]: row for row in csv.DictReader(table)}


FUNCTIONS = rows("hipsim/abi/functions.csv")
UNHOOKED = rows("src/interpose/hip/unhooked.csv")
LINKED = [s for s, c in rows("hipsim/abi/clients.csv").items() if int(c["linked_clients"])]


class Symbols(unittest.TestCase):
    def test_what_linked_programs_import_is_hooked_at_its_node_or_has_a_reason_not_to_be(self):
        known = [FUNCTIONS[symbol] for symbol in LINKED if symbol in FUNCTIONS]
        hooked = {f["symbol"]: f["node"] for f in known if f["symbol"] in HOOKED}
        reasons = [f["symbol"] for f in known if f["symbol"] in UNHOOKED]
        queries = [f["symbol"] for f in known if f["class"] == "query" and f["symbol"] not in hooked]
        print(
            f"\n  of {len(LINKED)} symbols {len(hooked)} are hooked, {len(reasons)} deliberately not,"
            f" {len(queries)} only ask, {len(LINKED) - len(known)} are in no release"
        )
        self.assertEqual({symbol: HOOKED[symbol] for symbol in hooked}, hooked)
        overlooked = {f["symbol"] for f in known} - set(hooked) - set(reasons) - set(queries)
        self.assertEqual(overlooked, set())
        self.assertEqual(set(hooked) & set(reasons), set())

    def test_hooks_are_functions_of_some_release(self):
        nodes = {symbol: f["node"] for symbol, f in FUNCTIONS.items()}
        self.assertEqual({symbol: nodes.get(symbol) for symbol in HOOKED}, HOOKED)


if __name__ == "__main__":
    unittest.main(verbosity=2)
