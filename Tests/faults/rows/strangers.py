"""Section X: strangers. Whoever calls anything with anything, a hub that sends the worst there is, places where little is as usual."""

from __future__ import annotations

import json
import subprocess
import time
from typing import Any

from rig import callers, machine, native
from rig.ground import Ground
from rig.register import control, row
from rig.shop import FAST

# --- the random caller ------------------------------------------------------------------------------------------


def exported(ground: Ground) -> "set[str]":
    names = subprocess.run(["nm", "-D", "--defined-only", str(ground.library)], capture_output=True, text=True, check=True).stdout
    return {line.split()[2].split("@")[0] for line in names.splitlines() if " T flx_" in line}


def random_calls(ground: Ground, calls: int, **environment: str) -> "dict[str, Any]":
    """What so many calls came to; their choices follow from the seed."""
    machine.watch()
    began = time.monotonic()
    hub = ground.hub("--seed", "variants=100,exceptions=off", latency__ms=1, **FAST)
    state = ground.folder / f"state-{len(list(ground.folder.iterdir()))}"
    state.mkdir(mode=0o700)
    configs = [json.dumps({
        "channel": name, "token": hub.token, "origin": hub.url, "state_dir": str(state), "log.level": "debug", "http.wait_ms": 50, "http.attempt_ms": 1000,
        "http.connect_ms": 1000, "pull.give_up_ms": 1000, "pull.idle_s": 1, "state.wait_ms": 500}) for name in ("child", "r0", "r1", "r2", "r3")]
    program = native.program("random_caller", f"-I{callers.folder()}")
    done = subprocess.run(
        [str(program), str(ground.seed), str(calls), hub.token, *configs], env=native.environment(ground.library, **environment), capture_output=True,
        text=True, errors="replace", timeout=100 + calls / 150)  # it ends by itself where nothing moves
    assert done.returncode == 0, f"the caller ended with {done.returncode}, which is a crash if below 0: {done.stderr[-300:]}"
    seen: "dict[str, Any]" = {**json.loads(done.stdout), "stack": done.stderr[:3000], "late": machine.lateness(began)}
    return seen


def judged_calls(seen: "dict[str, Any]", known: "set[str]") -> None:
    for what in ("internal", "hung", "failed", "set_on_error", "wrong_errors"):
        assert seen[what] == 0, f"{seen[what]} times {what}; first {seen['first']} {seen['stack']}"
    assert seen["functions"] == seen["of"] == len(known), f"{seen['functions']} of {len(known)} functions were called"
    most = max(2, seen["children"] // 3)  # a busy machine may hold a thread for the second that a fork waits
    assert seen["refused"] <= most, f"{seen['refused']} of {seen['children']} children could open no client, the machine was {seen['late']:.2f} s late"
    assert seen["pages"] and seen["views"] and seen["reentered"] and seen["children"] and len(seen["statuses"]) > 15, f"hardly anything was tried: {seen}"


@row("X-01", set="core", timeout_s=800)
def random_caller(ground: Ground) -> str:
    known = exported(ground)
    assert set(callers.declared()) == known, f"declared and exported differ: {set(callers.declared()) ^ known}"
    seen = random_calls(ground, ground.times(200_000))
    judged_calls(seen, known)
    return (
        f"{seen['calls']:,} calls of all {seen['functions']} functions from 8 threads, {seen['pages']} pages, {seen['views']:,} views read, {len(seen['statuses'])} statuses, "
        f"{seen['reentered']} calls from log functions, {seen['fired']} cancels fired by alarms, {seen['children']} children ({seen['refused']} refused a "
        f"client as documented): 0 crashes, 0 internal errors, 0 hung, 0 out parameters set on an error; seed {ground.seed}")


WRONG = {"crash": "ended with -11", "internal": "times internal", "set": "times set_on_error", "child": "times hung", "still": "each thread is in: flx_describe"}


@control("X-01: libraries that are wrong", waits=True, timeout_s=300)
def wrong_libraries(ground: Ground) -> str:
    known, seen = exported(ground), []
    for how, words in WRONG.items():
        try:
            judged_calls(random_calls(ground, 3_000, WRONG=how, LD_PRELOAD=str(native.preload("wrong_library"))), known)
        except AssertionError as error:
            assert words in str(error), f"{how}: seen for another reason: {error}"
            seen.append(f"{how}: {str(error)[:90]}")
        else:
            raise AssertionError(f"a library that is wrong ({how}) passed")
    return f"seen: {' | '.join(seen)}"
