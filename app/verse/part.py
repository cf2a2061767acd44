"""A part of something larger, made when it is first asked for."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

Owner = TypeVar("Owner")
Value = TypeVar("Value")


class part(Generic[Owner, Value]):  # noqa: N801 - a decorator, as `property` is
    """A method's value, kept from the first time that it is asked for.

    `functools.cached_property` does the same, but up to Python 3.11 it takes a lock that all
    objects share: two threads could not measure two poems at once.

    Parameters
    ----------
    make : callable
        From the object to the value.

    Examples
    --------
    >>> class Line:
    ...     @part
    ...     def words(self) -> list[str]:
    ...         return ["two", "words"]
    >>> line = Line()
    >>> line.words is line.words
    True
    """

    def __init__(self, make: Callable[[Owner], Value]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, owner: None, kind: type[Owner]) -> Self: ...

    @overload
    def __get__(self, owner: Owner, kind: type[Owner]) -> Value: ...

    def __get__(self, owner: Any, kind: type[Owner]) -> Self | Value:
        """The value of an object, which from then on is its own attribute."""
        if owner is None:
            return self
        value = owner.__dict__[self._name] = self._make(owner)
        return value
