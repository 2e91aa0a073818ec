"""A place where a term may be written in disguise, with what stands in and around it."""

from __future__ import annotations

from dataclasses import dataclass

from adscan.records.text import Trick

OPENING = "(（[【〔《<〈「『{“‘"
CLOSING = ")）]】〕》>〉」』}”’"


@dataclass(frozen=True)
class Candidate:
    """A place where a term may be written in disguise."""

    term: str
    text: str
    starts: list[int]  # of the units
    ends: list[int]
    tricks: list[Trick | None]  # unit by unit; None: the character itself
    known: list[bool]  # the tables list this writing
    alias: bool = False  # an expression of the same meaning is part of it

    @property
    def size(self) -> int:
        """How many units."""
        return len(self.starts)

    def gap(self, at: int) -> str:
        """What stands between unit `at` and the next."""
        return self.text[self.ends[at] : self.starts[at + 1]]

    def written(self, at: int) -> str:
        """How unit `at` is written."""
        return self.text[self.starts[at] : self.ends[at]]

    def is_parted(self) -> bool:
        """Whether something was put between its characters; a blank or line end may be layout."""
        gaps = [self.gap(at) for at in range(self.size - 1)]
        return all(gaps) or any(gap and not gap.isspace() for gap in gaps)

    def closes(self) -> bool:
        """Whether a bracket opened inside the term closes right behind it."""
        opened = any(c in OPENING for at in range(self.size - 1) for c in self.gap(at)[-1:])
        return opened and self.behind != "" and self.behind in CLOSING

    def opens(self) -> bool:
        """Whether a bracket that closes after the first unit opens right before the term."""
        closed = self.gap(0)[:1]
        return bool(closed and closed in CLOSING and self.before and self.before in OPENING)

    @property
    def before(self) -> str:
        """The character before the term; empty at the start."""
        return self.text[self.starts[0] - 1 : self.starts[0]]

    @property
    def behind(self) -> str:
        """The character after the term; empty at the end."""
        return self.text[self.ends[-1] : self.ends[-1] + 1]

    @property
    def free_before(self) -> bool:
        """No word runs into it from the left."""
        return not self.before.isalnum()

    @property
    def free_after(self) -> bool:
        """No word runs out of it to the right."""
        return not self.behind.isalnum()
