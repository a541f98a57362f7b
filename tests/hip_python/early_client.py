"""Loads a library whose static constructor uses HIP, and then uses HIP itself.

SPDX-License-Identifier: Apache-2.0
"""

import ctypes
import os

# Before anything else has opened the runtime.
early = ctypes.CDLL(os.environ["HIP_EARLY"])
print("static constructor", early.early_finish())

import common  # noqa: E402
import workers  # noqa: E402

print("afterwards", workers.work(0))
common.finish()
