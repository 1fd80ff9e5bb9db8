"""The small language in which the tables of this package say what a payload may hold.

A rule yields what is wrong with a value at a JSON pointer. Rules take any JSON and never raise.
The sentences are Slack's where they are known from its answers.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.blocks.problems import Problem

Json = dict[str, Any]
Also = Callable[[Json, str], Iterator[Problem]]
"""A rule about several keys at once; it sees an object whose keys are right one by one."""


class Rule(Protocol):
    """Something that a value must be."""

    def check(self, value: object, at: str) -> Iterator[Problem]:
        """What is wrong with `value`, which is at the JSON pointer `at`."""
        ...


@dataclass(frozen=True)
class Text:
    """A string of `least` to `most` characters, matching `pattern` if there is one."""

    most: int | None
    least: int = 1
    pattern: str | None = None
    otherwise: str = "must have a valid format"

    def check(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(at, "must provide a string", "wrong_type")
        elif self.most is not None and len(value) > self.most:
            yield Problem(at, f"must be less than {self.most + 1} characters")
        elif len(value) < self.least:
            yield Problem(at, f"must be more than {self.least - 1} characters")
        elif self.pattern is not None and not re.fullmatch(self.pattern, value):
            yield Problem(at, self.otherwise)


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def check(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, bool):
            yield Problem(at, "must provide a boolean", "wrong_type")


@dataclass(frozen=True)
class Number:
    """A number from `least` to `most`; whole unless `fraction`."""

    least: float | None = None
    most: float | None = None
    fraction: bool = False

    def check(self, value: object, at: str) -> Iterator[Problem]:
        allowed = (int, float) if self.fraction else (int,)
        if isinstance(value, bool) or not isinstance(value, allowed):
            kind = "a number" if self.fraction else "an integer"
            yield Problem(at, f"must provide {kind}", "wrong_type")
        elif self.least is not None and not value >= self.least:
            yield Problem(at, f"must be greater than or equal to {self.least:g}")
        elif self.most is not None and not value <= self.most:
            yield Problem(at, f"must be less than or equal to {self.most:g}")


@dataclass(frozen=True)
class Choice:
    """One of some strings."""

    values: tuple[str, ...]

    def check(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(at, "must provide a string", "wrong_type")
        elif value not in self.values:
            yield Problem(at, f"must be a valid enum value: {', '.join(self.values)}")


@dataclass(frozen=True)
class Items:
    """An array of `least` to `most` items, each by `rule`; with `gaps`, items may be null."""

    rule: Rule
    least: int
    most: int | None
    gaps: bool = False

    def check(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(at, "must provide an array", "wrong_type")
            return
        if self.most is not None and len(value) > self.most:
            yield Problem(at, f"no more than {self.most} items allowed")
            return
        if len(value) < self.least:
            yield Problem(at, f"no fewer than {self.least} items allowed")
        for n, item in enumerate(value):
            if not (self.gaps and item is None):
                yield from self.rule.check(item, f"{at}/{n}")


@dataclass(frozen=True)
class Shape:
    """An object with required and optional keys and no others, and rules about several keys."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    also: tuple[Also, ...] = ()

    def check(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(at, "must provide an object", "wrong_type")
            return
        wrong = [*self._keys(value, at)]
        yield from wrong
        if not wrong:
            for rule in self.also:
                yield from rule(value, at)

    def _keys(self, value: Json, at: str) -> Iterator[Problem]:
        for key in self.required:
            if key not in value:
                yield Problem(at, f"missing required field: {key}", "missing_field")
        for key, item in value.items():
            rule = self.required.get(key) or self.optional.get(key)
            if rule is None:
                yield Problem(at, f"invalid additional property: {key}", "additional_property")
            else:
                yield from rule.check(item, f"{at}/{key}")


@dataclass(frozen=True)
class Typed:
    """An object whose `type` says which rule holds for the rest of it."""

    types: Mapping[str, Rule]

    def check(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(at, "must provide an object", "wrong_type")
        elif "type" not in value:
            yield Problem(at, "missing required field: type", "missing_field")
        elif not isinstance(type_ := value["type"], str):
            yield Problem(f"{at}/type", "must provide a string", "wrong_type")
        elif type_ not in self.types:
            yield Problem(f"{at}/type", f"unsupported type: {type_}", "unsupported_type")
        else:
            rest = {key: item for key, item in value.items() if key != "type"}
            yield from self.types[type_].check(rest, at)


FLAG = Flag()
URL = Text(3000, pattern=r"[A-Za-z][A-Za-z0-9+.\-]*:\S+", otherwise="must be a valid URL")
ID = Text(255)
"""block_id, action_id, callback_id, external_id."""


def one_of(*keys: str) -> Also:
    """At least one of these keys must be there."""
    names = " or ".join(f"`{key}`" for key in keys)

    def check(value: Json, at: str) -> Iterator[Problem]:
        if not any(key in value for key in keys):
            yield Problem(f"{at}/type", f"must define either {names}", "missing_field")

    return check


def not_both(first: str, second: str) -> Also:
    """These two keys exclude each other."""

    def check(value: Json, at: str) -> Iterator[Problem]:
        if first in value and second in value:
            yield Problem(at, f"must not define both `{first}` and `{second}`")

    return check


def no_more_than(lesser: str, greater: str) -> Also:
    """One number must not be above another, where both are given."""

    def check(value: Json, at: str) -> Iterator[Problem]:
        if lesser in value and greater in value and value[lesser] > value[greater]:
            yield Problem(f"{at}/{lesser}", f"must not be greater than `{greater}`")

    return check
