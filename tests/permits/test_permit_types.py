"""The permit types and the table of businesses, held against the rulebook and the activities."""

import re
from datetime import date
from itertools import pairwise

import pytest

from adscan.classify.activity import load_activities
from adscan.permits.permit_type import (
    HERE,
    Turn,
    load_businesses,
    load_permit_types,
    types_covering,
)
from adscan.rulebook.loader import HERE as RULEBOOK
from adscan.rulebook.loader import load_provisions

TURNS = [
    (activity, kind, turns)
    for activity, business in load_businesses().items()
    for kind, turns in (("banned", business.banned), ("not_public", business.not_public))
    if turns
]


@pytest.fixture(scope="module")
def provisions():
    return load_provisions(RULEBOOK / "instruments")


def types_with_number(number: str) -> set[str]:
    return {
        permit_type.id
        for permit_type in load_permit_types().values()
        if any(re.fullmatch(form.pattern, number) for form in permit_type.number)
    }


def test_every_file_of_a_permit_type_loads():
    files = {path.stem for path in (HERE / "permit_types").glob("*.yaml")}
    assert set(load_permit_types()) == files
    assert len(files) >= 36


def test_every_basis_of_a_permit_type_is_in_the_rulebook(provisions):
    unknown = {
        f"{permit_type.id}: {ref}"
        for permit_type in load_permit_types().values()
        for ref in permit_type.basis
        if ref not in provisions
    }
    assert not unknown


@pytest.mark.parametrize(("activity", "kind", "turns"), TURNS)
def test_every_basis_of_a_turn_is_in_the_rulebook_and_in_force_within_it(
    provisions, activity: str, kind: str, turns: list[Turn]
):
    for turn in turns:
        bases = [provisions[ref] for ref in turn.basis]
        assert any(basis.in_force_from <= turn.since for basis in bases)
        for basis in bases:
            assert basis.in_force_from <= (turn.until or date.max), basis.ref
            assert (basis.in_force_until or date.max) >= turn.since, basis.ref


def test_every_activity_has_a_business():
    assert list(load_businesses()) == list(load_activities())


def test_permit_types_cover_only_known_activities_and_each_once():
    for permit_type in load_permit_types().values():
        ids = [covered.id for covered in permit_type.covers]
        assert set(ids) <= set(load_activities()), permit_type.id
        assert len(ids) == len(set(ids)), permit_type.id


def test_a_needed_permit_that_is_published_has_a_type():
    for activity, business in load_businesses().items():
        if business.permit == "needed" and business.register_ != "none":
            assert types_covering(activity), activity


def test_a_business_without_permit_or_register_says_why():
    for activity, business in load_businesses().items():
        if business.permit == "not_needed" or business.register_ == "none":
            assert business.reason, activity


@pytest.mark.parametrize(("activity", "kind", "turns"), TURNS)
def test_the_turns_of_a_business_follow_each_other(activity: str, kind: str, turns: list[Turn]):
    for_all = [turn for turn in turns if not turn.licensed_only]
    for earlier, later in pairwise(for_all):
        assert earlier.until is not None
        assert later.since is not None
        assert (later.since - earlier.until).days == 1
    assert turns[-1].until is None


def test_every_reason_is_one_sentence_that_names_a_day():
    for activity, _, turns in TURNS:
        for turn in turns:
            assert re.fullmatch(r"[^。]+。", turn.reason), activity
            assert turn.since is not None
            day = f"{turn.since.year}年{turn.since.month}月{turn.since.day}日"
            assert day in turn.reason, activity


def test_authorities_change_without_gap():
    for permit_type in load_permit_types().values():
        for earlier, later in pairwise(permit_type.authority):
            assert earlier.until is not None
            assert later.since is not None
            assert (later.since - earlier.until).days == 1, permit_type.id


@pytest.mark.parametrize(
    ("number", "permit_type"),
    [
        ("Z2002211000010", "payment"),
        ("P1033648", "private_fund_manager"),
        ("P1072839", "private_fund_manager"),
        ("000000378", "fund_sales"),
        ("000000803", "fund_sales"),
        ("260939000000800", "insurance_broker"),
        ("B0001H111000001", "bank"),
    ],
)
def test_a_number_as_printed_fits_its_type(number: str, permit_type: str):
    assert permit_type in types_with_number(number)


def test_a_payment_licence_is_told_from_a_wealth_product():
    assert types_with_number("Z2002211000010") == {"payment"}
    assert types_with_number("Z7000123000456") == {"wealth_company"}


def test_a_pattern_has_no_anchors_and_does_not_match_nothing():
    for permit_type in load_permit_types().values():
        for form in permit_type.number:
            assert not re.search(r"^\^|\$$", form.pattern)
            assert not re.fullmatch(form.pattern, "")
