"""How every worker makes its reviewer, and which one it must turn out to be."""

from __future__ import annotations

import platform
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from adscan import __version__
from adscan.classify.model import load_classifier
from adscan.errors import SetupError
from adscan.ocr.recognisers import load_recogniser
from adscan.permits.permits import Permits
from adscan.permits.register_file import open_register
from adscan.pipeline import Reviewer
from adscan.records.verdict import OperatingPoint
from adscan.rulebook.loader import load_rulebook
from adscan.scan.task import Outcome, Task
from adscan.settings import OcrSettings, Settings


class Examines(Protocol):
    """Does tasks one after the other."""

    def examine(self, task: Task) -> Outcome:
        """The outcome; whatever is wrong with the ad is in it. Raises SetupError."""
        ...


class EditionError(SetupError):
    """A worker has other rules, weights or lists than the scan it belongs to."""

    code = "edition"


@dataclass(frozen=True)
class Edition:
    """Everything that a review hangs on, beside the ad. Equal editions give equal reviews."""

    adscan: str
    rulebook: str
    classifier: str | None
    register: str | None
    point: str
    within_days: int
    reading: str  # how texts and pictures are read: what is stored is of use only to the same

    def differences(self, other: Edition) -> list[str]:
        """In Chinese: what is not the same."""
        return [
            NAMES[field.name]
            for field in fields(self)
            if getattr(self, field.name) != getattr(other, field.name)
        ]


NAMES = {
    "adscan": "adscan 版本",
    "rulebook": "规则库或阈值",
    "classifier": "分类模型",
    "register": "许可登记册",
    "point": "判定档位（--operating-point）",
    "within_days": "登记册的允许间隔",
    "reading": "读取方式（--no-ocr 或识别模型）",
}


@dataclass(frozen=True)
class Recipe:
    """What a reviewer is made of. It travels to every worker."""

    settings: Settings
    point: OperatingPoint
    checked_at: datetime  # stamped on every review
    rules: tuple[Path, ...] = ()  # the user's own, beside the built-in ones
    register: Path | None = None
    with_ocr: bool = True
    with_model: bool = True
    edition: Edition | None = None  # None: whatever it turns out to be

    def one_threaded(self) -> Recipe:
        """The recipe for workers side by side: a core each. Numbers come out the same."""
        ocr = OcrSettings.model_validate({**self.settings.ocr.model_dump(), "threads": 1})
        return replace(self, settings=self.settings.model_copy(update={"ocr": ocr}))

    def examiner(self) -> Examines:
        """What a worker does its tasks with, one thread wide. Raises SetupError."""
        from adscan.scan.examiner import Examiner  # noqa: PLC0415  (loads the whole path)

        return Examiner(self.one_threaded().reviewer())

    def reviewer(self) -> Reviewer:
        """The reviewer. Raises SetupError; EditionError if it is not the one expected."""
        settings = self.settings
        register = open_register(self.register) if self.register else None
        reviewer = Reviewer(
            rulebook=load_rulebook(self.rules, settings.cache_dir),
            recogniser=load_recogniser(settings) if self.with_ocr else None,
            settings=settings,
            checked_at=self.checked_at,
            classifier=load_classifier(settings.model) if self.with_model else None,
            point=self.point,
            permits=Permits(register, settings.permits.complete_within_days),
        )
        found = edition_of(reviewer)
        if self.edition is not None and found != self.edition:
            raise EditionError(
                f"工作进程（{platform.node()}）载入的"
                f"{'、'.join(found.differences(self.edition))}与主程序不一致",
                hint="扫描期间请不要改动规则、模型、登记册或升级 adscan；各节点须安装同一版本",
            )
        return reviewer


def edition_of(reviewer: Reviewer) -> Edition:
    """What the reviewer's verdicts hang on."""
    recogniser, settings = reviewer.recogniser, reviewer.settings
    ocr = f"{recogniser.version} {settings.ocr.min_confidence:g}" if recogniser else "no-ocr"
    return Edition(
        adscan=__version__,
        rulebook=reviewer.edition,
        classifier=reviewer.classifier.version if reviewer.classifier else None,
        register=reviewer.permits.version,
        point=reviewer.point.value,
        within_days=settings.permits.complete_within_days,
        reading=ocr,
    )
