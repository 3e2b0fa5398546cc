"""What must not show where a program prints its variables: a traceback with locals, a debugger, an error collector."""

from __future__ import annotations

from typing import Any, Mapping, TypeVar, cast

_Settings = TypeVar("_Settings", bound=Mapping[str, Any])


class SecretText(str):
    """Text that does not show itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<hidden>"


class SecretBytes(bytes):
    """Bytes that do not show themselves."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<hidden>"


def hide(value: Any) -> Any:
    """Return the same text in a form that does not show itself; what is no text stays as it is."""
    if isinstance(value, str):
        return SecretText(value)
    return SecretBytes(value) if isinstance(value, bytes) else value


def hide_token(settings: _Settings) -> _Settings:
    """Return the settings with the token hidden."""
    return cast("_Settings", {key: hide(value) if key == "token" else value for key, value in settings.items()})
