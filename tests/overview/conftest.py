"""Result folders for the reports: see archives.py."""

from __future__ import annotations

import pytest

from tests.overview import archives


@pytest.fixture
def results(tmp_path):
    """Writes a result folder of rows: `results(ads=[…], findings=[…])` gives its path."""
    return lambda **tables: archives.write_results(tmp_path / "results", **tables)


@pytest.fixture
def many(tmp_path):
    """Writes a result folder of so many ads with known numbers."""
    return lambda count, **changes: archives.write_many(tmp_path / "many", count, **changes)
