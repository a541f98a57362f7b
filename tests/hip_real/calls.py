"""What the call program calls: functions.csv as calls.inc, see call_all.c.

SPDX-License-Identifier: Apache-2.0
"""

from layout import call

# Structures by value: in how many eight-byte words, and whether registers may hold them.
STRUCTURES = {
    "dim3": (2, True),
    "hipMemLocation": (1, True),
    "hipExtent": (3, False),
    "hipPitchedPtr": (4, False),
    "hipIpcEventHandle_t": (8, False),
    "hipIpcMemHandle_t": (8, False),
}


def type_of(parameter):
    words = parameter.replace("struct ", "").replace("const ", "").split()
    return words[0]


def arguments(parameters, stream_index):
    for index, parameter in enumerate(parameters):
        if type_of(parameter) == "float":
            continue
        # A pointer to a stream is a pointer.
        if "*" in parameter or "&" in parameter:
            yield "p", True
        elif index == stream_index:
            yield "s", True
        else:
            count, fits = STRUCTURES.get(type_of(parameter), (1, True))
            yield "0" * count, fits


def calls(functions, exported):
    """A line for each function that returns an error code and that the runtime has."""
    lines = []
    for function in functions:
        if function["returns"] != "hipError_t" or function["symbol"] not in exported:
            continue
        parameters = [p.strip() for p in function["params"].split(";")]
        parameters = [p for p in parameters if p not in ("", "void")]
        stream_index = int(function["stream_index"])
        lines.append(call(function["symbol"], arguments(parameters, stream_index)))
    return "".join(lines)
