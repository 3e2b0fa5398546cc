"""Exceptions are chosen by code, by band for a code of the future, and by verdict."""

from __future__ import annotations

import pickle

import pytest

import flxchannel
from flxchannel import codes, errors
from flxchannel._status import class_of

CODES = {name: value for name, value in vars(codes).items() if name.startswith("E_")}
BANDS = {1: errors.UseError, 2: errors.LocalError, 3: errors.TransportError, 4: errors.HubError, 5: errors.InternalError}


@pytest.mark.parametrize("name, code", CODES.items())
def test_code_raises_a_class_of_its_band(name, code):
    assert issubclass(class_of(code, codes.Verdict.NONE), BANDS[-code // 100])


@pytest.mark.parametrize("code, wanted", [
    (-199, errors.UseError), (-299, errors.LocalError), (-499, errors.HubError), (-999, errors.FlxError)])
def test_unknown_code_raises_its_band(code, wanted):
    assert class_of(code, codes.Verdict.NONE) is wanted


def test_unknown_effect_of_a_write_has_its_own_class():
    assert class_of(codes.E_TIMEOUT, codes.Verdict.POSSIBLY_APPLIED) is errors.PossiblyAppliedError


def test_error_survives_pickling():
    error = pickle.loads(pickle.dumps(errors.ConflictError("taken", code=-109, name="FLX_E_CONFLICT", path="/orderNumber")))

    assert (error.code, error.message, str(error)) == (-109, "taken", "FLX_E_CONFLICT: taken [/orderNumber]")


def test_deadline_is_a_timeout_of_python_too():
    assert issubclass(flxchannel.DeadlineError, TimeoutError)


def test_every_exception_is_exported():
    classes = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.FlxError)}

    assert classes <= set(flxchannel.__all__)
