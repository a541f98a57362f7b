"""One of AMD's HIP runtimes, with the C library it was built for, as fetch_packages.sh laid it out.

SPDX-License-Identifier: Apache-2.0
"""

import os
import re

from library import Library

HIP_SYMBOL = re.compile(r"^(hip|__hip|_Z\d+hip)")


class Runtime(Library):
    def __init__(self, root):
        super().__init__(root)
        self.library = self.find("libamdhip64.so.[0-9]")
        # libamdhip64.so.6.4.43484 is release 6.4.
        self.release = ".".join(os.path.realpath(self.library).split(".so.")[1].split(".")[:2])
        # Programs see this release's libraries, and those only.
        directories = [d for d in self.root.glob("**/x86_64-linux-gnu") if d.is_dir()]
        path = ":".join(map(str, directories))
        self.start = (self.find("ld-linux-x86-64.so.2"), "--library-path", path)


def hip_symbols(symbols):
    return {name: node for name, node in symbols.items() if HIP_SYMBOL.match(name)}
