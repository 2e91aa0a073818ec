"""What every input does alike."""

from __future__ import annotations

import pickle

import pytest

from tests.scan.inputs.archives import (
    ADS,
    BUILDS,
    CRAWL,
    SAID,
    contents,
    expected_contents,
    read,
    said,
    write_warc,
)

EVERY = {**BUILDS, "warc": lambda at: write_warc(at / "c.warc.gz", CRAWL)}


def ads_of(kind, tmp_path):
    """The five ads; a table in a ZIP has its pictures beside it, which are ads of their own."""
    entries = read(BUILDS[kind](tmp_path))
    return [entry for entry in entries if not entry.name.endswith(".png")]


@pytest.mark.parametrize("kind", BUILDS)
def test_the_same_five_ads_come_out_of_every_kind_of_archive(kind, tmp_path):
    entries = ads_of(kind, tmp_path)
    assert [entry.trouble for entry in entries] == [None] * 5
    assert tuple(said(entry) for entry in entries) == SAID
    assert [contents(entry) for entry in entries] == [expected_contents(ad) for ad in ADS]


@pytest.mark.parametrize("kind", EVERY)
def test_several_sources_come_one_after_the_other(kind, tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    source, more = EVERY[kind](first), EVERY[kind](second)
    names = [entry.name for entry in read(source, more)]
    assert names == [entry.name for one in (source, more) for entry in read(one)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("kind", EVERY)
def test_names_are_unique_and_the_same_every_time(kind, tmp_path):
    source = EVERY[kind](tmp_path)
    names = [entry.name for entry in read(source)]
    assert len(set(names)) == len(names) >= 3
    assert [entry.name for entry in read(source)] == names


@pytest.mark.parametrize("kind", EVERY)
def test_entries_travel_to_another_process_and_are_read_there(kind, tmp_path):
    entries = read(EVERY[kind](tmp_path))
    travelled = pickle.loads(pickle.dumps(entries))
    assert [contents(entry) for entry in travelled] == [contents(entry) for entry in entries]


@pytest.mark.parametrize(
    "kind", ["zip", "tar", "csv", "json lines", "parquet with paths", "sqlite", "warc"]
)
def test_an_entry_is_small_to_send(kind, tmp_path):
    assert all(len(pickle.dumps(entry)) < 3000 for entry in read(EVERY[kind](tmp_path)))
