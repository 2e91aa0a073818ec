"""Rules, model and register on machines that do not have them. Needs no Ray."""

import platform
from datetime import datetime, timezone

import pytest

from adscan.permits.register_file import open_register
from adscan.records.verdict import OperatingPoint
from adscan.scan.engines.ray_parcel import ParcelError, pack, unpack
from adscan.scan.recipe import Recipe
from adscan.settings import Settings


def recipe_of(**given):
    now = datetime(2026, 11, 25, tzinfo=timezone.utc)
    return Recipe(given.pop("settings", Settings()), OperatingPoint.ARCHIVE, now, **given)


def kept(data):
    return data


@pytest.fixture
def recipe(tmp_path):
    rules = tmp_path / "home" / "own" / "return_promise"
    rules.mkdir(parents=True)
    (rules / "a.yaml").write_text("id: a")
    (rules / "b.yaml").write_text("id: b")
    model = tmp_path / "home" / "models" / "mine"
    model.mkdir(parents=True)
    (model / "model.json").write_text("{}")
    return recipe_of(settings=Settings(model=model), rules=(rules.parent, rules / "b.yaml"))


def test_files_arrive_as_they_were_and_the_recipe_names_them(recipe, tmp_path):
    there, folder = unpack(pack(recipe, kept), kept, tmp_path / "node")
    whole, single = there.rules
    assert sorted(file.name for file in whole.rglob("*.yaml")) == ["a.yaml", "b.yaml"]
    assert single.read_text() == "id: b"
    assert single.parent.name == "return_promise"  # the folder is the rule's category
    assert (there.settings.model / "model.json").read_text() == "{}"
    assert all(path.is_relative_to(folder) for path in (whole, single, there.settings.model))


def test_a_file_changed_on_the_way_is_refused(recipe, tmp_path):
    with pytest.raises(ParcelError, match=platform.node()):
        unpack(pack(recipe, kept), lambda data: data + b" ", tmp_path / "node")


def test_a_file_changed_on_the_node_is_refused_with_its_name(recipe, tmp_path):
    parcel = pack(recipe, kept)
    there, folder = unpack(parcel, kept, tmp_path / "node")
    there.rules[1].write_text("id: c")
    with pytest.raises(ParcelError, match=rf"节点 {platform.node()} 上的 .*b\.yaml") as refused:
        unpack(parcel, kept, tmp_path / "node")
    assert str(folder) in refused.value.hint


def test_nothing_is_fetched_twice_on_one_node(recipe, tmp_path):
    parcel = pack(recipe, kept)
    unpack(parcel, kept, tmp_path / "node")
    fetched = []
    unpack(parcel, fetched.append, tmp_path / "node")
    assert fetched == []


def test_a_register_in_use_arrives_whole_and_stays_as_it_was(tmp_path):
    path = tmp_path / "register.db"
    register = open_register(path, create=True)  # held open: its tables stand in the log beside it
    parcel = pack(recipe_of(register=path), kept)
    for _ in range(2):
        there, _folder = unpack(parcel, kept, tmp_path / "node")
        copy = open_register(there.register)
        assert copy.version == register.version
        copy.close()
    register.close()


def test_a_file_that_is_not_there_says_so_before_anything_starts(tmp_path):
    with pytest.raises(ParcelError, match="gone"):
        pack(recipe_of(rules=(tmp_path / "gone.yaml",)), kept)
