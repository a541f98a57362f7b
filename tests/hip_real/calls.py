"""What the call program calls: functions.csv as calls.inc, see call_all.c.

SPDX-License-Identifier: Apache-2.0
"""

REGISTERS = 6
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


def layout(parameters, stream_index):
    """Where the arguments go: one letter for each integer register, one for each stack word."""
    registers, stack = "", ""
    for index, parameter in enumerate(parameters):
        if type_of(parameter) == "float":
            continue
        if "*" in parameter or "&" in parameter:
            words, fits = "p", True
        elif index == stream_index:
            words, fits = "s", True
        else:
            count, fits = STRUCTURES.get(type_of(parameter), (1, True))
            words = "0" * count
        if fits and len(registers) + len(words) <= REGISTERS:
            registers += words
        else:
            stack += words
    return registers, stack


def calls(functions, exported):
    """A line for each function that returns an error code and that the runtime has."""
    lines = []
    for function in functions:
        if function["returns"] != "hipError_t" or function["symbol"] not in exported:
            continue
        parameters = [p.strip() for p in function["params"].split(";")]
        parameters = [p for p in parameters if p not in ("", "void")]
        # A pointer to a stream is a pointer.
        registers, stack = layout(parameters, int(function["stream_index"]))
        lines.append(f'CALL({function["symbol"]}, "{registers}", "{stack}")\n')
    return "".join(lines)
