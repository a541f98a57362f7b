"""A vendor's own library, as its distribution packages it, and programs that are run with it.

SPDX-License-Identifier: Apache-2.0
"""

import os
import subprocess
from pathlib import Path

# Where the programs are that all vendors have in common.
SHARED = Path(__file__).resolve().parent


class Library:
    # How a program is started so that it finds this library.
    start = ()
    environment = {}

    def __init__(self, root):
        self.root = Path(root).absolute()

    def find(self, pattern):
        """A file of the package, or of those that came with it."""
        found = [path for path in self.root.glob(f"**/{pattern}") if path.is_file()]
        if not found:
            raise FileNotFoundError(f"no {pattern} in {self.root}")
        return found[0]

    def compile(self, source, output, *libraries, flags=()):
        """A program for this library; libraries are those it is linked with."""
        command = ["cc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", *flags]
        command += [str(source), "-o", str(output), "-Wl,--no-as-needed"]
        # What the libraries need themselves is found when the program runs.
        command += [*map(str, libraries), "-Wl,--unresolved-symbols=ignore-in-shared-libs"]
        subprocess.run([*command, "-ldl", "-lpthread", "-lrt"], check=True)
        return output

    def run(self, *command, preload=None, input=None, **environment):
        """Runs a program with this library; preload is one file, or several in their order."""
        env = {"PATH": os.environ["PATH"], **self.environment, **environment}
        if preload:
            files = [preload] if isinstance(preload, (str, Path)) else preload
            env = {"LD_PRELOAD": ":".join(map(str, files)), "XSCHED_SCHEDULER": "LCL", **env}
        return subprocess.run(
            [*map(str, self.start), *map(str, command)],
            env=env,
            input=input,
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
