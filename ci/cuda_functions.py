"""Every function of CUDA's driver that its headers know, as a table on stdout.

    cuda_functions.py RELEASE=INCLUDE_DIRECTORY...

A row for each exported symbol under each name by which cuGetProcAddress knows it:

symbol      as the driver exports it: cuMemcpyHtoD_v2_ptds
base        as cuGetProcAddress is asked for it: cuMemcpyHtoD
version     of CUDA from which on that name and variant means this symbol: 7000 is 7.0
variant     which stream the value 0 is: legacy, or ptsz and ptds, the thread's own
stream      yes: takes one; struct: in a structure; pointer: to streams; no
parameters  how each is passed, in order
cuda_...    1: declared by that release's headers

The declarations are read by clang. Which symbol a name means at a version is in no header, but the
typedefs have the versions (PFN_cuMemcpyHtoD_v7000_ptds), and the symbols have numbers (_v2): both in
ascending order belong together. That the types agree is checked here; tests/cuda_real asks the driver.

SPDX-License-Identifier: Apache-2.0
"""

import collections
import csv
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HEADERS = ["cudaTypedefs.h", "cudaGLTypedefs.h", "cudaEGLTypedefs.h", "cudaVDPAUTypedefs.h"]
# What these include of other projects, as far as they use it.
FOREIGN = {
    "GL/gl.h": "typedef unsigned int GLuint, GLenum;",
    "EGL/egl.h": "typedef int EGLint;",
    "EGL/eglext.h": "typedef void *EGLStreamKHR, *EGLImageKHR, *EGLSyncKHR;",
    "vdpau/vdpau.h": "typedef unsigned int VdpDevice, VdpVideoSurface, VdpOutputSurface;"
    " typedef void VdpGetProcAddress(void);",
}
SYMBOL = re.compile(r"(?P<base>cu[A-Z]\w*?)(?:_v(?P<number>\d+))?(?:_(?P<variant>ptsz|ptds))?")
TYPEDEF = re.compile(r"PFN_(?P<base>cu\w+?)_v(?P<version>\d{4,})(?:_(?P<variant>ptsz|ptds))?")
PASSED = {
    "CUstream": "stream",
    "CUevent": "event",
    "int": "i32",
    "float": "f32",
    "unsigned char": "u8",
    "unsigned short": "u16",
    "unsigned int": "u32",
    "unsigned long": "usize",
    "unsigned long long": "u64",
    "size_t": "usize",
}


def declarations(include):
    """What clang sees in a release's headers, deprecated and per-thread functions too."""
    with tempfile.TemporaryDirectory() as stubs:
        for name, text in FOREIGN.items():
            file = Path(stubs, name)
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        source = "".join(f"#include <{header}>\n" for header in HEADERS)
        flags = ["-D__CUDA_API_VERSION_INTERNAL", f"-isystem{include}", f"-isystem{stubs}"]
        command = ["clang", *flags, "-fsyntax-only", "-Xclang", "-ast-dump=json", "-xc", "-"]
        run = subprocess.run(command, input=source, check=True, text=True, stdout=subprocess.PIPE)
    return json.loads(run.stdout)["inner"]


class Release:
    def __init__(self, include):
        self.typedefs, self.structs, self.functions = {}, {}, {}
        for node in declarations(include):
            name, kind = node.get("name"), node["kind"]
            if kind == "TypedefDecl":
                self.typedefs[name] = node["type"]["qualType"]
            elif kind == "RecordDecl" and "inner" in node:
                fields = [part for part in node["inner"] if part["kind"] == "FieldDecl"]
                self.structs[name] = [field["type"]["qualType"] for field in fields]
            elif kind == "FunctionDecl" and SYMBOL.fullmatch(name):
                self.functions[name] = node["type"]["qualType"]

    def passed(self, kind):
        """How an argument of this type is passed."""
        while True:
            kind = re.sub(r"\b(const|volatile) ?", "", kind).strip()
            if kind in PASSED:
                return PASSED[kind]
            if "*" in kind or kind.endswith("]"):
                return "pointer"
            if kind.startswith("enum "):
                return "i32"
            if kind.startswith(("struct ", "union ")):
                return next(k for k, v in self.typedefs.items() if v == kind)
            kind = self.typedefs[kind]

    def carries_stream(self, kind):
        """Whether an object of this type contains a stream."""
        kind = re.sub(r"\bconst ?", "", kind).strip()
        if kind == "CUstream":
            return True
        while kind in self.typedefs:
            kind = self.typedefs[kind]
        fields = self.structs.get(kind.removeprefix("struct "), [])
        return any(self.carries_stream(field) for field in fields)

    def signature(self, function_type):
        returns, parameters = re.fullmatch(r"(\w+) \(?(?:\*\)\()?(.*)\)", function_type).groups()
        assert returns == "CUresult", function_type
        return [p for p in split(parameters) if p != "void"]

    def stream(self, parameters):
        if "CUstream" in parameters:
            return "yes"
        pointed = [p.rstrip("*").strip() for p in parameters if p.endswith("*")]
        if "CUstream" in pointed:
            return "pointer"
        return "struct" if any(map(self.carries_stream, pointed)) else "no"

    def rows(self):
        """{(symbol, base, version, variant): (stream, how parameters are passed)}"""
        symbols, versions = collections.defaultdict(list), collections.defaultdict(list)
        for symbol in self.functions:
            base, number, variant = SYMBOL.fullmatch(symbol).groups()
            symbols[base, variant].append((int(number or 1), symbol))
        for name in self.typedefs:
            if match := TYPEDEF.fullmatch(name):
                base, version, variant = match.groups()
                versions[base, variant].append(int(version))
        rows = {}
        for (base, variant), known in versions.items():
            taken = sorted(symbols.pop((base, variant), []))
            for version in sorted(known):
                if not taken:
                    sys.exit(f"{base} of {version} ({variant}) is which symbol?")
                _, symbol = taken.pop(0)
                parameters = self.signature(self.functions[symbol])
                passed = [self.passed(p) for p in parameters]
                name = f"PFN_{base}_v{version}" + (f"_{variant}" if variant else "")
                typed = [self.passed(p) for p in self.signature(self.typedefs[name])]
                if typed != passed:
                    sys.exit(f"{name} is not {symbol}: {typed}, {passed}")
                rows[symbol, base, version, variant or "legacy"] = self.stream(parameters), passed
            if taken:
                symbols[base, variant] = taken
        left = [symbol for group in symbols.values() for _, symbol in group]
        if left:
            sys.exit("no version is known of " + " ".join(left))
        return rows


def split(parameters):
    """At the commas that are not those of a function's type."""
    return [p.strip() for p in re.split(r",(?![^()]*\))", parameters)]


def main(arguments):
    releases = {}
    for argument in arguments:
        release, include = argument.split("=")
        releases[release] = Release(include).rows()
    every = {}
    for rows in releases.values():
        every.update(rows)
    table = csv.writer(sys.stdout, lineterminator="\n")
    columns = ["cuda_" + release.replace(".", "_") for release in releases]
    table.writerow(["symbol", "base", "version", "variant", "stream", "parameters", *columns])
    for key, (stream, passed) in sorted(every.items()):
        known = [int(key in rows) for rows in releases.values()]
        table.writerow([*key, stream, " ".join(passed), *known])


main(sys.argv[1:])
