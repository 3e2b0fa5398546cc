"""Which library is loaded, which flx is run, and what is said when one is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "flxchannel"
LIBRARY = Path(os.environ["FLXCHANNEL_LIBRARY"]).resolve()

FLX = """#!/bin/sh
case "$1" in
    pid) echo $$ ;;
    path) echo "$LD_LIBRARY_PATH" ;;
    die) kill -TERM $$ ;;
    *) echo "$#:$*"; exit 7 ;;
esac
"""

#: Some library of the system is not there.
POOR_HOST = """
import ctypes, os
there = ctypes.CDLL
missing = os.environ["MISSING"].split()
def load(name, *rest, **options):
    wanted = [one for one in missing if one == name or str(name).endswith("libflxchannel.so.1")]
    if wanted:
        raise OSError(f"{wanted[0]}: cannot open shared object file: No such file or directory")
    return there(name, *rest, **options)
ctypes.CDLL = load
import flxchannel
"""


def python(folder, *arguments, **environment):
    """Run Python on the package that is in `folder`."""
    variables = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    return subprocess.run([sys.executable, *arguments], env=variables, cwd=folder, capture_output=True, text=True)


def executable(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def plain(tmp_path):
    """The package as pip installs it from the sources."""
    shutil.copytree(PACKAGE, tmp_path / "flxchannel", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.fixture
def wheel(plain):
    """The package as the wheel has it."""
    (plain / "flxchannel/_lib").mkdir()
    (plain / "flxchannel/_lib/libflxchannel.so.1").symlink_to(LIBRARY)
    executable(plain / "flxchannel/_bin/flx", FLX)
    return plain


def test_library_inside_is_taken(wheel):
    done = python(wheel, "-c", "import flxchannel; print(flxchannel.version())")

    assert done.returncode == 0 and done.stdout.strip(), done.stderr


def test_variable_is_first(wheel):
    done = python(wheel, "-c", "import flxchannel", FLXCHANNEL_LIBRARY="/no/such/library.so")

    assert "ImportError: /no/such/library.so: cannot open shared object file" in done.stderr


def test_loader_is_last(plain):
    done = python(plain, "-c", "import flxchannel", LD_LIBRARY_PATH=str(LIBRARY.parent))

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing, packages", [
    ("libjansson.so.4", "apt-get install libjansson4\n"),
    ("libcurl.so.4", "apt-get install libcurl4\n"),
    ("libsqlite3.so.0 libcurl.so.4", "apt-get install libcurl4 libsqlite3-0\n"),
])
def test_missing_library_of_the_system_names_all_packages(wheel, missing, packages):
    done = python(wheel, "-c", POOR_HOST, MISSING=missing)

    assert done.stderr.endswith(packages) and "ImportError" in done.stderr


def test_other_missing_library_is_named_as_it_is(wheel):
    done = python(wheel, "-c", POOR_HOST, MISSING="libzest.so.1")

    assert "libzest.so.1: cannot open" in done.stderr and "FLXCHANNEL_LIBRARY" in done.stderr and "apt-get" not in done.stderr


def test_module_is_flx(wheel):
    done = python(wheel, "-m", "flxchannel", "order", "history", "A 1")

    assert (done.stdout, done.returncode) == ("3:order history A 1\n", 7)


def test_flx_inside_finds_the_library_inside(wheel):
    done = python(wheel, "-m", "flxchannel", "path", LD_LIBRARY_PATH="/opt/lib")

    assert done.stdout == f"{wheel}/flxchannel/_lib:/opt/lib\n"


def test_signal_and_process_are_those_of_flx(wheel):
    assert python(wheel, "-m", "flxchannel", "die").returncode == -15
    started = subprocess.Popen([sys.executable, "-m", "flxchannel", "pid"], cwd=wheel, stdout=subprocess.PIPE, text=True,
                               env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(wheel)})
    assert started.communicate()[0] == f"{started.pid}\n"


def test_flx_in_path_is_run_by_a_plain_package(plain):
    executable(plain / "bin/flx", FLX)
    done = python(plain, "-m", "flxchannel", "stats", PATH=f"{plain}/bin:/usr/bin:/bin", FLXCHANNEL_LIBRARY=str(LIBRARY))

    assert (done.stdout, done.returncode) == ("1:stats\n", 7)


def test_missing_flx_says_what_to_install(plain):
    done = python(plain, "-m", "flxchannel", "stats", PATH=str(plain), FLXCHANNEL_LIBRARY=str(LIBRARY))

    assert done.returncode == 1
    assert "install a wheel of flxchannel" in done.stderr and "Traceback" not in done.stderr
