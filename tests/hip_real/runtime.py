"""One of AMD's HIP runtimes, with the C library it was built for, as fetch.sh laid it out.

SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import subprocess
from pathlib import Path

HIP_SYMBOL = re.compile(r"^(hip|__hip|_Z\d+hip)")


class Runtime:
    def __init__(self, root):
        self.root = Path(root)
        self.loader = self._find("ld-linux-x86-64.so.2")
        self.library = self._find("libamdhip64.so.[0-9]")
        # libamdhip64.so.6.4.43484 is release 6.4.
        self.release = ".".join(os.path.realpath(self.library).split(".so.")[1].split(".")[:2])
        self.directories = [d for d in self.root.glob("**/x86_64-linux-gnu") if d.is_dir()]

    def _find(self, pattern):
        found = [path for path in self.root.glob(f"**/{pattern}") if path.is_file()]
        if not found:
            raise FileNotFoundError(f"no {pattern} in {self.root}")
        return found[0]

    def find(self, name):
        """The file of a shared library of this release."""
        return self._find(name)

    def compile(self, source, output, *libraries, flags=()):
        """A program for this release; libraries are those it is linked with."""
        command = ["cc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", *flags]
        command += [str(source), "-o", str(output), "-Wl,--no-as-needed"]
        # What the libraries need themselves is found when the program runs.
        command += [*map(str, libraries), "-Wl,--unresolved-symbols=ignore-in-shared-libs", "-ldl"]
        subprocess.run(command, check=True)
        return output

    def run(self, *command, preload=None, **environment):
        """Runs a program with this release's libraries, and those only."""
        env = {"PATH": os.environ["PATH"], **environment}
        if preload:
            env |= {"LD_PRELOAD": str(preload), "XSCHED_SCHEDULER": "LCL"}
        path = ":".join(map(str, self.directories))
        return subprocess.run(
            [str(self.loader), "--library-path", path, *map(str, command)],
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=120,
        )


def exports(library):
    """Symbol -> version node, of what a shared library defines; '' without a node."""
    return _dynamic_symbols(library, "--defined-only")


def imports(library):
    """Symbol -> version node, of what a shared library needs from others."""
    return _dynamic_symbols(library, "--undefined-only")


def hip_symbols(symbols):
    return {name: node for name, node in symbols.items() if HIP_SYMBOL.match(name)}


def _dynamic_symbols(library, which):
    command = ["nm", "-D", "--with-symbol-versions", which, str(library)]
    listing = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout
    symbols = {}
    for line in listing.splitlines():
        kind, symbol = line.split()[-2:]
        name, _, node = symbol.replace("@@", "@").partition("@")
        if kind != "A":  # the nodes themselves
            symbols[name] = node
    return symbols
