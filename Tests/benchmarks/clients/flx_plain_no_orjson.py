"""`flx_plain.py` where orjson is not installed: `page.plain` is read by Python's own `json`."""

import sys

sys.modules["orjson"] = None  # importing it fails

import flx_plain  # noqa: E402, F401
