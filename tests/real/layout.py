"""Where the arguments of a call go under the x86-64 calling convention, for call_all.c.

SPDX-License-Identifier: Apache-2.0
"""

REGISTERS = 6


def call(symbol, arguments):
    """A line of calls.inc. Each argument: a letter for each of its eight-byte words (p: a pointer,
    s: a stream, 0: zero), and whether registers may hold it."""
    registers, stack = "", ""
    for words, fits in arguments:
        if fits and len(registers) + len(words) <= REGISTERS:
            registers += words
        else:
            stack += words
    return f'CALL({symbol}, "{registers}", "{stack}")\n'
