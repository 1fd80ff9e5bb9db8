"""What the cells of a file mean. Each meaning is looked up once, however many lines have it."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TypeVar

from crm.columns import LONGEST, Column
from crm.problems import Problems, Unusable

Meaning = TypeVar("Meaning")
# in the languages of spreadsheets, which write them in their own
_YES = frozenset({"true", "t", "1", "yes", "y", "x", "wahr", "vrai", "verdadero", "vero"})
_NO = frozenset({"", "false", "f", "0", "no", "n", "falsch", "faux", "falso"})
MOST_REMEMBERED = 50_000


def says_yes(text: str) -> bool:
    """What a cell of yes or no says. Raises Unusable where it says neither."""
    word = text.strip().casefold()
    if word not in _YES and word not in _NO:
        raise Unusable("is neither true nor false")
    return word in _YES


class Memory(dict[str, Meaning]):
    """Meanings by cell, found when first asked for. Asking raises Unusable. Its size is bounded."""

    def __init__(self, find: Callable[[str], Meaning]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, text: str) -> Meaning:
        meaning = self._find(text)
        if len(self) < MOST_REMEMBERED:
            self[text] = meaning
        return meaning


class Words(Memory[Meaning]):
    """What the words of one column mean, those that people mapped first.

    Unknown ones are kept with how often they came: they are what has to be asked about.
    """

    def __init__(self, find: Callable[[str, str], Meaning], mapped: Mapping[str, str]) -> None:
        """`find` is asked for one of our words, and told for which of the file's."""
        super().__init__(self._mean)
        self._find_ours = find
        self._mapped = {_word(word): ours for word, ours in mapped.items()}
        self._why_not: dict[str, tuple[str, str]] = {}
        self.unknown: Counter[str] = Counter()

    def _mean(self, text: str) -> Meaning:
        word = text.strip()
        if not word:
            raise Unusable("is missing")
        if word in self._why_not:
            raise Unusable(*self._why_not[word])
        ours = self._mapped.get(_word(word), word)
        try:
            return self._find_ours(ours, word)
        except Unusable as unusable:
            mapped = f"is mapped to “{ours}”, which " if ours != word else ""
            why = f"{mapped}{unusable.says}", unusable.option
            if len(self._why_not) < MOST_REMEMBERED:
                self._why_not[word] = why
            raise Unusable(*why) from None


def _word(word: str) -> str:
    return " ".join(word.split()).casefold()


class Cells:
    """The cells of one record, and how what is wrong with them is said."""

    def __init__(self, places: Mapping[Column, int], problems: Problems) -> None:
        self._places = places
        self._problems = problems
        self.line = 0
        self.cells: list[str] = []

    def cell(self, column: Column) -> str:
        place = self._places.get(column)
        return "" if place is None else self.cells[place].strip()

    def unusable(self, column: Column, text: str, why: Unusable, kind: str = "") -> None:
        shown = text if len(text) <= 60 else f"{text[:59]}…"
        says = f"{column} “{shown}” {why.says}"
        self._problems.add(f"{column} {kind}", says, self.line, option=why.option)

    def text(self, column: Column) -> str:
        """What must be there, its blanks made single; a formula stays the text that it is."""
        text = " ".join(self.cell(column).split())
        if not text:
            self._problems.add(f"no {column}", f"{column} is missing", self.line)
        elif len(text) > LONGEST[column]:
            self.unusable(column, text, Unusable(f"is longer than {LONGEST[column]} characters"))
        return text

    def word(self, column: Column, words: Words[Meaning]) -> Meaning | None:
        """What a word means that must be there."""
        text = self.cell(column)
        if not text:
            self._problems.add(f"no {column}", f"{column} is missing", self.line)
            return None
        try:
            return words[text]
        except Unusable as unusable:
            words.unknown[text] += len(words.unknown) < MOST_REMEMBERED
            self.unusable(column, text, unusable, kind=text)
            return None

    def value(self, column: Column, meanings: Memory[Meaning]) -> Meaning | None:
        """What a cell means, which may be nothing."""
        text = self.cell(column)
        try:
            return meanings[text] if column in self._places else None
        except Unusable as unusable:
            self.unusable(column, text, unusable)
            return None
