#!/bin/bash
# The types of the app for django-oscar, Django's own checks of it, and its tests.
#
#     examples/oscar/check.sh VENV PLACE
#
# VENV is the Python environment with the shop's requirements; PLACE is for what the checks leave behind.
set -euo pipefail
[ -x "${1-}/bin/python" ] && [ -n "${2-}" ] || { echo "usage: $0 VENV PLACE" >&2; exit 2; }
python=$(cd "$1/bin" && pwd)/python
export SHOP_PLACE=$2 PYTHONDONTWRITEBYTECODE=1
mkdir -p "$SHOP_PLACE"
cd "$(dirname "$0")"
"$python" -m mypy --cache-dir "$SHOP_PLACE/mypy" .
"$python" manage.py check --fail-level WARNING
"$python" manage.py makemigrations --check flxchannel_oscar
"$python" manage.py test --verbosity 1 flxchannel_oscar
