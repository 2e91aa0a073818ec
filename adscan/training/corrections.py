"""What reviewers said of findings: new samples to train on, and cases that must come out right."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adscan.errors import DataError
from adscan.training.corpus import RuleId, Sample


class Correction(BaseModel):
    """One line: a reviewer confirmed (`finding` true) or dismissed a rule's finding on a text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1)
    rule: RuleId
    finding: bool
    who: str
    when: datetime


def read_corrections(path: Path) -> list[Correction]:
    """The lines of a file. Raises DataError with file, line and field."""
    if not path.is_file():
        raise DataError(f"没有更正文件 {path}", hint="请检查路径")
    return list(_lines(path))


def _lines(path: Path) -> Iterator[Correction]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield Correction.model_validate(json.loads(line))
            except ValidationError as error:
                first = error.errors()[0]
                field = ".".join(str(key) for key in first["loc"])
                raise DataError(
                    f"{path} 第 {number} 行 {field}：{first['msg']}",
                    hint="每行应有 text、rule、finding、who、when",
                ) from error
            except json.JSONDecodeError as error:
                raise DataError(
                    f"{path} 第 {number} 行不是 JSON", hint="每行应是一个 JSON 对象"
                ) from error


def samples_of(corrections: Sequence[Correction]) -> list[Sample]:
    """One sample a text. The latest word on a rule counts; of other rules nothing is known."""
    latest: dict[str, dict[str, bool]] = {}
    for correction in sorted(corrections, key=lambda one: one.when.timestamp()):
        latest.setdefault(correction.text, {})[correction.rule] = correction.finding
    samples = []
    for text, said in latest.items():
        key = hashlib.sha256(text.encode()).hexdigest()[:12]
        samples.append(
            Sample(
                id=f"correction-{key}",
                text=text,
                spans=(),
                whole=frozenset(rule for rule, finding in said.items() if finding),
                genre="",
                activities=frozenset(),
                family=f"correction-{key}",
                hand="reviewers",
                known=frozenset(said),
            )
        )
    return samples
