"""What comes to a walk or a round, and waits there until its host has it."""

from __future__ import annotations

from typing import Any, Generic, Optional, TypeVar

from ._handle import Handle, call

_Owned = TypeVar("_Owned", bound=Handle)


class Coming(Generic[_Owned]):
    """The objects that a call may have filled.

    The library gives a page or an event once. So it is kept here from before the call to the last step of the method that the
    host called: an exception of a signal handler, or the end of a task, can come anywhere between, and then it is the next one.
    """

    def __init__(self) -> None:
        self._objects: "list[_Owned]" = []

    def fill(self, empty: _Owned, function: Any, *arguments: Any) -> int:
        """Let a function of the library fill an object, or not; return its status."""
        self._objects.append(empty)
        try:
            return call(function, *arguments, empty._place())
        finally:
            if empty.closed:
                self._objects.remove(empty)

    @property
    def is_there(self) -> bool:
        """Whether there is one to take."""
        return self.look() is not None

    def look(self) -> Optional[_Owned]:
        """Give what is there, and keep it."""
        return next((one for one in self._objects if not one.closed), None)

    def take(self) -> Optional[_Owned]:
        """Give what is there. Nothing is called behind the step that lets it go: an exception could come there."""
        for index, one in enumerate(self._objects):
            if not one.closed:
                del self._objects[index]
                return one
        return None
