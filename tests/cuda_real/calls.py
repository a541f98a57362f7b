"""What the call program calls: the list of functions as calls.inc, see call_all.c.

SPDX-License-Identifier: Apache-2.0
"""

from layout import call

# Structures by value: in how many eight-byte words, and whether registers may hold them.
STRUCTURES = {
    "CUmemLocation_v1": (1, True),
    "CUipcEventHandle_v1": (8, False),
    "CUipcMemHandle_v1": (8, False),
    "CUeglFrame_v1": (9, False),
}
LETTERS = {"pointer": "p", "stream": "s"}


def arguments(kinds):
    for kind in kinds:
        count, fits = STRUCTURES.get(kind, (1, True))
        if kind != "f32":
            yield LETTERS.get(kind, "0" * count), fits


def calls(rows, exported):
    """A line for each function of the list that the driver has."""
    known = [row for row in rows if row["symbol"] in exported]
    return "".join(call(row["symbol"], arguments(row["parameters"].split())) for row in known)
