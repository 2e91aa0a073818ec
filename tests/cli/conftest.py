"""Calls the command line as a shell would."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from adscan.cli.main import main


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture
def adscan(capsys):
    def run(*arguments: object) -> Outcome:
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Outcome(int(left.value.code or 0), said.out, said.err)

    return run
