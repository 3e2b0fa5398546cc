"""`python -m flxchannel ARGUMENTS` is `flx ARGUMENTS`."""

from __future__ import annotations

import os
import shutil
import sys
from typing import NoReturn

from ._library import INSIDE, PACKAGE


def run(arguments: "list[str]") -> NoReturn:
    """Become `flx`, so that signals and the exit status are its own."""
    ours = PACKAGE / "_bin" / "flx"
    program = str(ours) if ours.exists() else shutil.which("flx")
    if program is None:
        sys.exit(f"flx is neither in this package ({ours}) nor in PATH: install a wheel of flxchannel that has it (`make wheel`), "
                 "or the Debian package flxchannel-tools")
    environment = dict(os.environ)
    if program == str(ours):  # it finds the library beside it, and so does a handler that it starts
        paths = [str(INSIDE.parent), environment.get("LD_LIBRARY_PATH", "")]
        environment["LD_LIBRARY_PATH"] = os.pathsep.join(path for path in paths if path)
    sys.stdout.flush()
    os.execve(program, ["flx", *arguments], environment)


if __name__ == "__main__":
    run(sys.argv[1:])
