"""Where Python is not as usual: an interpreter that ends, several of them in one process, no code made at run time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
BEGIN = """
import atexit, ctypes, json, os, sys, threading, time
from flxchannel import Client, FlxError
from orders import order
told = []
def client(**more): return Client(on_log=lambda level, line: told.append(line), **json.loads(os.environ["SETTINGS"]), **more)
"""


def run(settings, program):
    """Run a program in a Python of its own; give what it printed."""
    paths = [str(HERE.parent), str(HERE)]
    given = json.dumps({**settings, "state_dir": str(settings["state_dir"])})
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + program], env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "SETTINGS": given},
        capture_output=True, text=True, timeout=120)
    assert (done.returncode, "Fatal" in done.stderr, "Traceback" in done.stderr) == (0, False, False), done.stderr[-500:]
    return done.stdout


ENDS = {
    "client": "",
    "pull": "pull = c.pull('listings_to_sync'); page = next(iter(pull))",
    "last flush": "atexit.register(lambda: c.flush(2000))",
    "threads": """
def work():
    while True:
        try: c.submit(order(f'X-{time.time()}')); c.flush(300)
        except FlxError: pass
for _ in range(3): threading.Thread(target=work, daemon=True).start()
time.sleep(0.4)
""",
}


@pytest.mark.parametrize("end", list(ENDS))
def test_interpreter_that_ends_with_an_open_client_ends_well(settings, end):
    """Its log function is of the interpreter, which is taken down while the client, and threads in it, are there."""
    begin = "c = client(**{'log.level': 'debug'})\nc.submit(order('X-1'))\n"

    assert run(settings, f"{begin}{ENDS[end]}\nprint(len(told) > 0)") == "True\n"


def test_each_interpreter_of_a_process_has_its_client(settings, sandbox):
    """As mod_wsgi makes them. A Python whose ctypes refuses them says so."""
    said = run(settings, f"""
try: import _xxsubinterpreters as interpreters
except ImportError: import _interpreters as interpreters
CODE = {BEGIN!r} + '''
c = client()
c.submit(order("I-%d"))
c.flush(5000)
c.close()
assert told
'''
for n in range(4):
    one = interpreters.create()
    try: wrong = getattr(interpreters, "run_string", getattr(interpreters, "exec", None))(one, CODE % n)
    except Exception as error: wrong = error
    interpreters.destroy(one)
    print(wrong)
""")
    if "does not support loading in subinterpreters" in said:
        pytest.skip("this Python's ctypes refuses interpreters of their own")

    assert said == "None\n" * 4
    assert sorted(sandbox.order_numbers()) == [f"I-{n}" for n in range(4)]


def test_log_function_works_where_memory_cannot_become_code(settings, sandbox):
    """What systemd calls MemoryDenyWriteExecute: a callback is code that is made at run time."""
    said = run(settings, """
if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) != 0: print("no such wall"); sys.exit()
import mmap
try: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC); print("not walled in")
except PermissionError: pass
with client() as c:
    c.submit(order("S-1"))
    c.flush(5000)
    print([row["verdict"] for row in c.results(1)], len(told) > 0)
""")
    if said == "no such wall\n":
        pytest.skip("this kernel has no PR_SET_MDWE")

    assert said == "['applied'] True\n"
    assert sandbox.order_numbers() == ["S-1"]
