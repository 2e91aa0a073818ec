"""The labelled texts of `datasets/ads`: read, checked, made into samples."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from adscan.classify.activity import load_activities
from adscan.errors import DataError
from adscan.records.review import GenreLabel
from adscan.records.text import Span
from adscan.rulebook.loader import HERE, rule_places

RULES = tuple(sorted(place.path.stem for place in rule_places(HERE / "rules")))
ACTIVITIES = tuple(load_activities())
GENRES = tuple(label.value for label in GenreLabel)


def _known(names: Iterable[str], what: str) -> AfterValidator:
    known = frozenset(names)

    def check(name: str) -> str:
        if name not in known:
            raise ValueError(f"没有{what} {name}")
        return name

    return AfterValidator(check)


RuleId = Annotated[str, _known(RULES, "规则")]
ActivityId = Annotated[str, _known(ACTIVITIES, "业务")]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(_Row):
    """Words that break a rule, in code points of the text."""

    start: int = Field(ge=0)
    end: int = Field(gt=0)
    rule: RuleId


class Text(_Row):
    """One line of a data file."""

    id: str
    text: str = Field(min_length=1)
    places: list[Place]  # every stretch of words at fault
    whole: list[RuleId]  # rules broken by what is missing, or by the text as a whole
    mentions: list[RuleId] = []  # rules whose words occur without being broken; not exhaustive
    exemptions: list[Literal["N", "E", "Q", "D", "L", "S", "H", "P"]] = []
    genre: GenreLabel
    activities: list[ActivityId]
    product: str
    register_: str = Field(alias="register")  # voice and medium
    published: str = Field(pattern=r"^20\d\d(-\d\d-\d\d)?$")
    family: str  # texts of one scenario; never split between sets
    hand: str  # who wrote it
    note: str = ""

    def rules(self) -> frozenset[str]:
        """Every rule the text breaks."""
        return frozenset([*self.whole, *(place.rule for place in self.places)])


@dataclass(frozen=True)
class Sample:
    """A text as training sees it: what is read, and what ought to be found."""

    id: str
    text: str
    spans: tuple[tuple[Span, str], ...]  # places and their rules
    whole: frozenset[str]
    genre: str  # empty: not known
    activities: frozenset[str]
    family: str
    hand: str
    day: date | None = None  # published; None: not known
    known: frozenset[str] | None = None  # rules that someone judged; None: all, and the rest too

    @property
    def rules(self) -> frozenset[str]:
        """Every rule the text breaks; none for a lawful one."""
        return self.whole | {rule for _, rule in self.spans}


def read_samples(*paths: Path) -> list[Sample]:
    """The samples of files, or of every file of folders, in order. Raises DataError."""
    return [sample_of(text) for file in data_files(paths) for text in read_texts(file)]


def data_files(paths: Iterable[Path]) -> list[Path]:
    """These files, and every file of these folders, in order. Raises DataError."""
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise DataError(f"没有数据 {path}", hint="请检查路径")
        files += sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
    return files


def read_texts(path: Path) -> Iterator[Text]:
    """The lines of a data file. Raises DataError with file, line and field."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                text = Text.model_validate(json.loads(line))
                _check_places(text)
            except ValidationError as error:
                first = error.errors()[0]
                field = ".".join(str(key) for key in first["loc"])
                raise _fault(path, number, field, first["msg"]) from error
            except json.JSONDecodeError as error:
                raise _fault(path, number, "", f"不是 JSON：{error}") from error
            except ValueError as error:
                raise _fault(path, number, "places", str(error)) from error
            yield text


def _check_places(text: Text) -> None:
    for place in text.places:
        if not place.start < place.end <= len(text.text):
            raise ValueError(f"位置 {place.start}..{place.end} 不在正文里")


def _fault(path: Path, number: int, field: str, reason: str) -> DataError:
    where = f"{path} 第 {number} 行" + (f" {field}" if field else "")
    return DataError(f"{where}：{reason}", hint="请按 datasets/ads/schema.json 改正这一行")


def sample_of(text: Text) -> Sample:
    """The text as training sees it."""
    return Sample(
        text.id,
        text.text,
        tuple((Span(place.start, place.end), place.rule) for place in text.places),
        frozenset(text.whole),
        text.genre.value,
        frozenset(text.activities),
        text.family,
        text.hand,
        _day(text.published),
    )


def _day(published: str) -> date:
    """The day; of a year its middle."""
    return date.fromisoformat(published if len(published) > len("2026") else f"{published}-07-01")


def lawful_samples(path: Path) -> list[Sample]:
    """Texts that break no rule and of which nothing else is known, one a line (.txt or .gz)."""
    if not path.is_file():
        raise DataError(f"没有数据 {path}", hint="请检查路径")
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        lines = [line.strip().replace("\\n", "\n") for line in file]
    return [
        Sample(
            id=f"{path.name}-{number}",
            text=line,
            spans=(),
            whole=frozenset(),
            genre="",
            activities=frozenset(),
            family=path.name,
            hand=path.name,
            known=frozenset(RULES),
        )
        for number, line in enumerate(lines, start=1)
        if line
    ]
