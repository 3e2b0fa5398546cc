"""S-05: the C interface."""

from __future__ import annotations

from rig import host
from rig.ground import Ground
from rig.register import row
from rig.wirehub import WireHub

NULLS = r"""
import ctypes, random
from ctypes import POINTER, byref, c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_void_p
from flxchannel._library import PROTOTYPES, lib
import flxchannel.codes as codes

choose = random.Random(int(sys.argv[1]))
rounds = int(sys.argv[2])
raw = ctypes.CDLL(os.environ["FLXCHANNEL_LIBRARY"])
c = client()
freed = client(); stale = freed._ptr().value; freed.close()
pull = c.pull("listings"); page_less = pull._ptr().value
live = [c._ptr().value, page_less]
HANDLES = [None, 0, 1, 2**63, 2**64 - 1, 0xDEADBEEF, stale, *live]
TEXTS = [(None, 0), (None, 5), (None, 2**64 - 1), (b"", 0), (b"", 2**64 - 1), (b"x", 1), (b"{}", 2), (b"[]", 2**64 - 1), (b"\xff\xfe", 2), (b'{"a":', 5), (b"x\0y", 3), (b"listings", 8), (b"A-1", 2**64 - 1)]
NUMBERS = [0, 1, -1, 2, 7, 100, -100, 2**31 - 1, -2**31]
SAFE_ONLY_NULL = {"flx_cancel_fire", "flx_cancel_reset", "flx_cancel_free"}
REAL = {("flx_client_set_cancel", 1), ("flx_sync_run", 3)}  # pointers that are followed, as the header says
CLOSERS = {"flx_client_close", "flx_pull_close", "flx_sync_close"}
calls, codes_seen, wrong = 0, {}, []
for _ in range(rounds):
    for name, (result, arguments) in PROTOTYPES.items():
        function = getattr(raw, name)
        function.restype = result
        values, keep, outs = [], [], []
        position = 0
        while position < len(arguments):
            kind = arguments[position]
            if kind is c_char_p and position + 1 < len(arguments) and arguments[position + 1] is c_size_t:
                text, length = choose.choice(TEXTS)
                values += [c_char_p(text), c_size_t(length)]
                position += 2
                continue
            if kind is c_void_p:
                if name in SAFE_ONLY_NULL or (name, position) in REAL: handle = None
                elif name in CLOSERS: handle = choose.choice([h for h in HANDLES if h not in live])
                else: handle = choose.choice(HANDLES)
                values.append(c_void_p(handle))
            elif kind is c_char_p: values.append(c_char_p(choose.choice([None, b"", b"x", b"\xff"])))
            elif kind in (c_int32,): values.append(c_int32(choose.choice(NUMBERS) % 2**31 - (2**31 if choose.random() < 0.2 else 0) if abs(choose.choice(NUMBERS)) > 2**30 else min(choose.choice(NUMBERS), 200)))
            elif kind in (c_int64, c_uint32, c_size_t): values.append(kind(choose.choice([0, 1, 2, 99, 2**31, 2**32 - 1] + ([2**63 - 1, 2**64 - 1] if kind is not c_uint32 else []))))
            elif hasattr(kind, "_type_") and kind is not c_char_p:
                if choose.random() < 0.4: values.append(None)
                else:
                    place = kind._type_(); keep.append(place); outs.append(place); values.append(byref(place))
            else: values.append(None)  # a callback
            position += 1
        function.argtypes = None
        if name in ("flx_client_probe", "flx_pull_next", "flx_call", "flx_flush", "flx_order_status", "flx_order_cancel", "flx_sync_next"):
            values = [c_int32(0) if isinstance(v, c_int32) else v for v in values]
        status = function(*values)
        calls += 1
        if result is c_int32 and name not in ("flx_page_feed",):
            codes_seen[status] = codes_seen.get(status, 0) + 1
            if not -600 < status < 100: wrong.append([name, status])
            if status == codes.E_INTERNAL if hasattr(codes, "E_INTERNAL") else status == -501: wrong.append([name, status])
            if status < 0:
                for place in outs[:-1]:
                    if getattr(place, "value", None): wrong.append([name, status, "an out parameter is not NULL", str(place)])
assert c.call("getListingVariantsCount", wait_ms=8000)["status"] == 200
say(calls=calls, statuses=len(codes_seen), wrong=wrong[:10], versions=[raw.flx_require(c_uint32(v)) for v in (0, 1, 999, 1000, 1001, 2000, 10**6, 2**32 - 1)], functions=len(PROTOTYPES))
"""


@row("S-05", set="core", waits=True)
def pointers_handles_and_lengths_that_are_wrong(ground: Ground) -> str:
    """Every exported function with NULL, stale, foreign and never made handles, lengths of -1 and texts that are none."""
    hub = ground.enter_context(WireHub())
    settings = host.config(ground, hub, **{"state.wait_ms": 200})
    said = host.finish(host.start(ground, NULLS, settings, str(ground.seed), str(ground.times(200, 40))), 110)[-1]
    assert not said["wrong"], said["wrong"]
    assert said["versions"].count(0) == 1 and set(said["versions"]) == {0, -111}, f"flx_require: {said['versions']}"
    return (
        f"{said['functions']} functions, {said['calls']} calls with NULL, stale, foreign and made-up handles, length -1 and broken texts: error codes only "
        f"({said['statuses']} kinds), outs NULL, the client works after; 7 header versions refused (structs go out only: no size comes in); sanitizers: make sanitize")
