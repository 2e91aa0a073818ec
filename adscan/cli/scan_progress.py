"""What a scan shows while it runs: a live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from adscan.errors import AdscanError
from adscan.report import wording
from adscan.scan.conduct import ScanOptions
from adscan.scan.inputs import read_entries
from adscan.scan.tally import Tally

PLAIN_EVERY_S = 30.0
LIVE_EVERY_S = 0.2

OnProgress = Callable[[Tally], None]


@contextmanager
def show_progress(options: ScanOptions, *, quiet: bool, verbose: bool) -> Iterator[OnProgress]:
    """What is to be called with the tally as it grows; standard error shows it."""
    logging.basicConfig(
        level=logging.WARNING if verbose else logging.CRITICAL, format="adscan：%(message)s"
    )
    if quiet:
        yield lambda tally: None
    elif sys.stderr.isatty() and "NO_COLOR" not in os.environ:
        with _Count(options) as count, _bar() as bar:
            yield _Live(bar, count).show
    else:
        plain = _Plain()
        yield plain.show
        plain.say()


class _Live:
    """A bar that rich draws."""

    def __init__(self, bar: Progress, count: _Count) -> None:
        self._bar = bar
        self._count = count
        self._task = bar.add_task("扫描", total=None, found="")
        self._next = 0.0

    def show(self, tally: Tally) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + LIVE_EVERY_S
        self._bar.update(
            self._task,
            completed=tally.seen,
            total=self._count.value(),
            found=" ".join(_found(tally)),
        )


class _Plain:
    """A line now and then, and one at the end."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._next = self._began + PLAIN_EVERY_S
        self._tally: Tally | None = None

    def show(self, tally: Tally) -> None:
        self._tally = tally
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + PLAIN_EVERY_S
            self.say()

    def say(self) -> None:
        if self._tally is not None:
            rate = self._tally.seen / max(time.monotonic() - self._began, 0.001)
            said = [f"已处理 {self._tally.seen:,} 件", f"每秒 {rate:,.1f} 件", *_found(self._tally)]
            click.echo(f"adscan：{'，'.join(said)}", err=True)


class _Rate(ProgressColumn):
    """Ads per second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:,.1f}/秒", no_wrap=True)


class _Count:
    """How many ads there are, counted beside the scan by a process of the lowest priority."""

    def __init__(self, options: ScanOptions) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, inside = context.Pipe(duplex=False)
        self._process = context.Process(target=_count, args=(inside, options), daemon=True)
        self._known: int | None = None

    def __enter__(self) -> _Count:
        self._process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()

    def value(self) -> int | None:
        """The number; None while it is not known."""
        if self._known is None and self._pipe.poll():
            try:
                self._known = self._pipe.recv()
            except EOFError:  # it could not count: the scan itself says why
                self._pipe.close()
                self._known = -1
        return None if self._known in (None, -1) else self._known


def _count(pipe: Connection, options: ScanOptions) -> None:
    if hasattr(os, "nice"):
        os.nice(19)
    try:
        entries = options.selection.of(read_entries(options.sources, options.inputs))
        pipe.send(sum(1 for _ in entries))
    except (AdscanError, KeyboardInterrupt):
        pipe.close()


def _bar() -> Progress:
    return Progress(
        BarColumn(bar_width=8),  # the line must fit into 80 columns
        TextColumn("{task.completed:,.0f} 件"),
        _Rate(),
        TextColumn("剩余"),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[found]}"),
        console=Console(stderr=True),
        transient=True,
    )


def _found(tally: Tally) -> list[str]:
    """Ads by their gravest finding, and those that could not be reviewed."""
    counts = tally.severities
    found = [f"{name} {counts[one.value]:,}" for one, name in wording.SEVERITIES.items()]
    return [*found, f"未审 {tally.errors:,}"]
