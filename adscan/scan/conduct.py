"""One run from its options to its manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path

import duckdb
import pyarrow as pa

from adscan.errors import DamagedFile
from adscan.pipeline import Reviewer
from adscan.scan.campaigns import find_campaigns
from adscan.scan.engine import Engine, GiveUp
from adscan.scan.engines import Resources, load_engine
from adscan.scan.entry import Entry
from adscan.scan.examiner import refused
from adscan.scan.input import InputOptions
from adscan.scan.inputs import read_entries
from adscan.scan.journal import Journal
from adscan.scan.journal_file import FILE_NAME, JournalError, open_journal, told
from adscan.scan.manifest import write_manifest
from adscan.scan.plan import Defaults, Selection
from adscan.scan.recipe import Edition, Recipe, edition_of
from adscan.scan.scan import Scan
from adscan.scan.store import FILE_ADS, Store
from adscan.scan.tally import Tally
from adscan.scan.task import Outcome, Task

EngineOf = Callable[[str, Recipe, Resources, GiveUp], Engine]


@dataclass(frozen=True)
class ScanOptions:
    """What the user asks for."""

    sources: Sequence[str]
    out: Path
    recipe: Recipe  # its day and edition are set by the run
    inputs: InputOptions
    resources: Resources
    engine: str = "local"
    published: date | None = None  # for ads without a day; None: the day on which the run began
    advertiser: str | None = None  # for ads without one
    medium: str | None = None
    selection: Selection = field(default_factory=Selection)
    rejudge: bool = False
    retry_errors: bool = False
    file_ads: int = FILE_ADS  # rows of `ads` in one Parquet file


def scan_archive(
    options: ScanOptions,
    now: datetime,
    on_progress: Callable[[Tally], None] = lambda tally: None,
    engine_of: EngineOf = load_engine,
) -> Tally:
    """Scan, or go on where a scan was cut off. Raises SetupError; what is done stays done."""
    entries = read_entries(options.sources, options.inputs)
    first = list(islice(entries, 1))  # a source that cannot be read leaves no folder behind
    journal = open_journal(options.out)
    try:
        with told(options.out / FILE_NAME), _unreadable(options.out):
            run = _Run(options, journal, now, on_progress, engine_of)
            return run.over(chain(first, entries))
    finally:
        journal.close()


@dataclass(frozen=True)
class _Run:
    """What one run goes by."""

    options: ScanOptions
    journal: Journal
    now: datetime
    on_progress: Callable[[Tally], None]
    engine_of: EngineOf

    def over(self, entries: Iterable[Entry]) -> Tally:
        """Judge again what is to be judged again, then review what is new."""
        options, journal = self.options, self.journal
        number, started = journal.begin_run(self.now.isoformat(timespec="seconds"))
        beginning = datetime.fromisoformat(started)
        reviewer = replace(options.recipe, checked_at=beginning).reviewer()
        edition = edition_of(reviewer)
        _demand_edition(journal, edition, options)
        recipe = replace(options.recipe, checked_at=beginning, edition=edition)
        tally = _tally_of(journal, number)
        store = Store(options.out, journal, edition, options.file_ads)
        default = Defaults(beginning.date(), options.published, options.advertiser, options.medium)
        scan = Scan(
            journal, store, reviewer, default, number, tally, self.on_progress, options.retry_errors
        )
        give_up = partial(_give_up, reviewer)
        engine = self.engine_of(options.engine, recipe, options.resources, give_up)
        write_manifest(options.out, journal, edition, complete=False)
        if options.rejudge:
            scan.again(engine)
        scan.over(options.selection.of(entries), engine)
        if options.rejudge:
            scan.carry_unread()
        tally.settle()
        if options.sources and options.selection == Selection():
            tally.absent = journal.count_absent(number)
        store.close_file()
        store.tidy()
        find_campaigns(options.out, number)
        finished = datetime.now().astimezone().isoformat(timespec="seconds")
        journal.note_run(number, tally.as_row(), finished)
        write_manifest(options.out, journal, edition, complete=True)
        journal.commit()  # cut off before this, the run is taken up again and ends the same
        return tally


@contextmanager
def _unreadable(folder: Path) -> Iterator[None]:
    """Faults of the result tables as one Chinese sentence."""
    try:
        yield
    except (duckdb.Error, pa.ArrowException) as error:
        raise JournalError(
            f"{folder} 里的结果表读写失败：{' '.join(str(error).split())[:200]}",
            hint="请检查磁盘和内存是否足够，再运行同一命令，会从中断处继续；若仍失败，文件可能已损坏",
        ) from error


def _give_up(reviewer: Reviewer, task: Task, reason: str) -> Outcome:
    error = DamagedFile(reason, hint="请单独用 adscan check 检查；其余广告不受影响")
    return refused(task, reviewer, error)


def _tally_of(journal: Journal, number: int) -> Tally:
    """What the run had done before it was cut off."""
    tally = Tally.of(next(run for run in journal.runs() if run["number"] == number))
    tally.unchanged, tally.resumed = 0, tally.ads
    return tally


def _demand_edition(journal: Journal, edition: Edition, options: ScanOptions) -> None:
    """Raises JournalError if what stands in the folder was judged by something else."""
    for _, made_by, _, _ in journal.files():
        if made_by.reading != edition.reading:
            raise JournalError(
                f"{options.out} 里的广告是用另一种读取方式读的（--no-ocr 或识别模型不同）",
                hint="请用与上次相同的选项，或换一个新的 --out 文件夹",
            )
        if made_by != edition and not options.rejudge:
            changed = "、".join(made_by.differences(edition))
            raise JournalError(
                f"与 {options.out} 上次扫描相比，{changed}已经改变，新旧结论不能混在一起",
                hint="上次若带了 --rules、--register 等选项，请带上同样的；"
                "确实更新了，就加 --rejudge 重新判断已存的文字（不重读图片），或换一个 --out",
            )
