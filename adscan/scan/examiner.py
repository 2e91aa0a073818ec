"""A worker's work: one task, one outcome. Whatever is wrong with an ad becomes its own outcome."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from adscan.errors import DamagedFile, InputError, SetupError
from adscan.pipeline import Reviewer, Transcript
from adscan.records.ad import Placement, Sheet
from adscan.records.part import PartKind
from adscan.records.review import Case
from adscan.records.rule import Decision
from adscan.scan.likeness import picture_hash, text_signature
from adscan.scan.preview import draw_preview, most_marked
from adscan.scan.review_rows import finding_rows, review_row
from adscan.scan.stored import (
    StoredLooks,
    pack_answers,
    part_rows,
    reading_row,
    restore,
    unpack_answers,
)
from adscan.scan.task import Outcome, Row, Rows, Task

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Examiner:
    """See Examines."""

    reviewer: Reviewer

    def examine(self, task: Task) -> Outcome:
        """See Examines. What cannot be read has decision `error`."""
        try:
            if task.stored is not None:
                case = self.again(task.stored, task.name, task.placement)
                return self._outcome(task, case, {})
            return self._anew(task)
        except InputError as error:
            return refused(task, self.reviewer, _naming_file(task, error))
        except SetupError:
            raise  # not the ad's fault: later answers would be worthless
        except Exception as error:
            log.exception("%s", task.name)
            fault = DamagedFile(
                f"审查时出现内部错误（{type(error).__name__}：{error}）",
                hint="请把该文件和日志发给维护者；其余广告不受影响",
            )
            return refused(task, self.reviewer, fault)

    def again(self, stored: Rows, name: str, placement: Placement) -> Case:
        """The verdict on what was read of an ad before; the model is asked only if it is new."""
        transcript = restore(stored, name, placement)
        (reading,) = stored["readings"]
        classifier = self.reviewer.classifier
        if classifier and reading["classifier"] == classifier.version:
            answers = unpack_answers(reading["answers"], self._digest(transcript))
            transcript = replace(transcript, answers=answers)
        return self.reviewer.judge(transcript)

    def _anew(self, task: Task) -> Outcome:
        read = self.reviewer.read(task.sources, task.placement, task.title)
        looks = StoredLooks.of(read.parts, read.looks)
        transcript = self.reviewer.answered(replace(read, looks=looks))
        case = self.reviewer.judge(transcript)
        reading = reading_row(transcript, task.reading_id, case.review.provenance.ocr)
        reading |= self._answers(transcript) | _signature(transcript, case)
        parts = part_rows(transcript, looks, task.reading_id)
        _add_pictures(parts, read.ad.sheets, case)
        return self._outcome(task, case, {"readings": [reading], "parts": parts})

    def _outcome(self, task: Task, case: Case, rows: dict[str, Sequence[Row]]) -> Outcome:
        findings = list(finding_rows(case.review, task.review_id))
        return Outcome(task.number, review_row(case.review), {"findings": findings, **rows})

    def _answers(self, transcript: Transcript) -> Row:
        classifier = self.reviewer.classifier
        if classifier is None or transcript.answers is None:
            return {}
        packed = pack_answers(transcript.answers, self._digest(transcript))
        return {"classifier": classifier.version, "answers": packed}

    def _digest(self, transcript: Transcript) -> str:
        """Of the texts that the model reads; they change with the rulebook's terms."""
        whole = "\n".join(text.text for text in self.reviewer.normalise(transcript.parts))
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def refused(task: Task, reviewer: Reviewer, error: InputError) -> Outcome:
    """The outcome of a task that could not be done."""
    case = reviewer.refuse(task.name, task.placement, error)
    return Outcome(task.number, review_row(case.review))


def _naming_file(task: Task, error: InputError) -> InputError:
    """The fault with the name of the file, where the ad goes by another: the row of a table."""
    names = {source.name for source in task.sources} - {task.name}
    if len(task.sources) == 1 and names:
        return type(error)(f"{names.pop()}：{error.message}", hint=error.hint)
    return error


def _signature(transcript: Transcript, case: Case) -> Row:
    """Only ads with findings form campaigns."""
    if case.review.decision in (Decision.PASS, Decision.ERROR):
        return {}
    return {"signature": text_signature([part.text for part in transcript.parts])}


def _add_pictures(parts: Sequence[Row], sheets: Sequence[Sheet], case: Case) -> None:
    """Hash of every picture; of an ad with findings, the picture that shows most of them."""
    shown = most_marked(case.review)
    by_id = {sheet.id: sheet for sheet in sheets}
    for row in parts:
        sheet = by_id[row["part"]]
        if sheet.pixels is None or row["unread"]:
            continue
        if sheet.kind is PartKind.IMAGE or sheet.id == shown:
            pixels = sheet.pixels()
            row["phash"] = picture_hash(pixels) if sheet.kind is PartKind.IMAGE else None
            if sheet.id == shown:
                row["preview"] = draw_preview(pixels, sheet.units_per_pixel, case.review, shown)
