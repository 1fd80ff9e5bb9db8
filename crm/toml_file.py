"""A TOML file read into a declared form; every mistake is a sentence with the key's place.

Pydantic's own sentences never reach people: each kind of its errors has ours here.
"""

import tomllib
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Form = TypeVar("Form", bound=BaseModel)


class Mistakes(Exception):
    """What is wrong, one sentence each; the sentences begin with the key's place or the file."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def read_toml(path: Path, form: type[Form]) -> Form:
    """The file as this form. Raises Mistakes: all of them at once."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Mistakes([f"{path}: there is no such file"]) from None
    except UnicodeDecodeError:
        raise Mistakes([f"{path}: is not UTF-8, as TOML has to be"]) from None
    except OSError as error:
        raise Mistakes([f"{path}: cannot be read: {error.strerror}"]) from None
    return parse_toml(text, str(path), form)


def parse_toml(text: str, name: str, form: type[Form]) -> Form:
    """A text as this form; `name` is what mistakes of the whole text begin with."""
    try:
        return form.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Mistakes([f"{name}: is not TOML: {str(error)[0].lower()}{str(error)[1:]}"]) from None
    except ValidationError as error:
        raise Mistakes(mistakes(error, form)) from None


def mistakes(error: ValidationError, form: type[BaseModel]) -> list[str]:
    """A failed validation as sentences, each beginning with the key's place."""
    keys = _keys(form.model_json_schema())
    return [_sentence(fault, keys) for fault in error.errors(include_url=False)]


def place(keys: tuple[int | str, ...]) -> str:
    """`("teams", 0, "reps", 2, "email")` as `teams[0].reps[2].email`."""
    path = ""
    for key in keys:
        path += f"[{key}]" if isinstance(key, int) else f".{key}"
    return path.removeprefix(".")


def _sentence(fault: ErrorDetails, keys: set[str]) -> str:
    where = tuple(key for key in fault["loc"] if key != "[key]")
    kind = fault["type"]
    if kind == "extra_forbidden":
        return f"{place(where)}: there is no such key{_meant(str(where[-1]), keys)}"
    if kind == "value_error":
        said = str(fault["ctx"]["error"])
        return f"{place(where)}: {said}" if where else said
    says = next((says for part, says in _SAYS if part in kind), None)
    context: dict[str, Any] = dict(fault.get("ctx", {}))
    return f"{place(where)}: {says(context) if says else 'cannot be read here'}"


def _meant(key: str, keys: set[str]) -> str:
    near = get_close_matches(key, keys, n=1)
    return f"; did you mean “{near[0]}”?" if near else ""


def _keys(schema: Any) -> set[str]:
    """Every key that the form and the forms inside it have."""
    found: set[str] = set()
    for part in [schema, *schema.get("$defs", {}).values()]:
        found |= set(part.get("properties", ()))
    return found


_SAYS: tuple[tuple[str, Callable[[dict[str, Any]], str]], ...] = (
    ("missing", lambda _context: "is missing"),
    ("string_too_long", lambda context: f"is longer than {context['max_length']} characters"),
    ("too_short", lambda _context: "is empty"),
    ("too_long", lambda _context: "has too many entries"),
    ("string_type", lambda _context: "must be text in quotation marks"),
    ("string_pattern", lambda _context: "is not in the form that is asked for"),
    ("int", lambda _context: "must be a whole number"),
    ("float", lambda _context: "must be a number"),
    ("decimal", lambda _context: "must be a number"),
    ("finite", lambda _context: "must be a number"),
    ("bool", lambda _context: "must be true or false"),
    ("date", lambda _context: "must be a date like 2026-11-30, without quotation marks"),
    ("time", lambda _context: "must be a time like 15:00"),
    ("literal_error", lambda context: f"must be {context['expected']}"),
    ("enum", lambda context: f"must be {context['expected']}"),
    ("list", lambda _context: "must be a list, in square brackets"),
    ("tuple", lambda _context: "must be a list, in square brackets"),
    ("dict", lambda _context: "must be a table of keys and values"),
    ("model", lambda _context: "must be a table of keys and values"),
    ("greater_than_equal", lambda context: f"must be {context['ge']} or more"),
    ("greater_than", lambda context: f"must be more than {context['gt']}"),
    ("less_than_equal", lambda context: f"must be {context['le']} or less"),
)
