"""Permit verdicts over an invented register: the table of tests/materials/permits/matrix.yaml."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from adscan.permits.advertiser import AdvertiserFinder
from adscan.permits.check import PermitChecker, Question, Who
from adscan.permits.lists.intake import Entry, Intake
from adscan.permits.permit_type import load_businesses
from adscan.permits.places import NATION
from adscan.permits.register import Register
from adscan.permits.register_file import open_register
from adscan.records.permit import ActivityCheck, NameKind, PermitState, PermitStatus, Snapshot

MATRIX = Path(__file__).parents[1] / "materials" / "permits" / "matrix.yaml"
OTHER_NAMES = {"short": NameKind.SHORT, "brand": NameKind.BRAND, "app": NameKind.APP}


@dataclass(frozen=True)
class Case:
    """One row of the table."""

    name: str  # empty: nobody is named
    activity: str
    day: date
    region: str | None
    status: PermitStatus
    proven: bool | None  # None: the permit table leaves it open
    says: str  # what the reason contains


def read_case(row: str) -> Case:
    name, activity, day, region, status, proven, says = (cell.strip() for cell in row.split("|"))
    return Case(
        "" if name == "nobody" else name,
        activity,
        date.fromisoformat(day),
        {"-": None, "nation": NATION}.get(region, region),
        PermitStatus(status),
        {"yes": True, "no": False, "-": None}[proven],
        says,
    )


def read_cases(table: Mapping[str, list[str]]) -> list:
    return [
        pytest.param(case, id=f"{topic} {number}: {case.activity} {case.day}")
        for topic, rows in table.items()
        for number, row in enumerate(rows, start=1)
        for case in [read_case(row)]
    ]


TABLE = yaml.safe_load(MATRIX.read_text(encoding="utf-8"))
CASES = read_cases(TABLE["cases"])
WITHOUT_REGISTER = read_cases(TABLE["without_register"])
ALL = [param.values[0] for param in (*CASES, *WITHOUT_REGISTER)]


def read_entry(row: int, fields: Mapping) -> Entry:
    plain = {key: value for key, value in fields.items() if key not in OTHER_NAMES}
    others = tuple((kind, n) for key, kind in OTHER_NAMES.items() for n in fields.get(key, ()))
    plain["scope"] = tuple(plain.get("scope", ()))
    plain["state"] = PermitState(plain.get("state", "active"))
    return Entry(row, other_names=others, **plain)


def take_list(register: Register, told: Mapping) -> None:
    entries = [read_entry(row, fields) for row, fields in enumerate(told["entries"], start=1)]
    digest = hashlib.sha256(repr(told).encode()).hexdigest()
    snapshot = Snapshot(
        source=told["source"],
        taken=told["taken"],
        complete=told["complete"],
        types=frozenset(told["types"]),
        region=told.get("region", NATION),
        file_name="matrix.yaml",
        file_sha256=digest,
        rows=len(entries),
    )
    with register.writing() as connection:
        assert not Intake(connection, snapshot).take(entries).clashes


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    register = open_register(tmp_path_factory.mktemp("matrix") / "register.db", create=True)
    for told in TABLE["lists"]:
        take_list(register, told)
    yield register
    register.close()


def asking(register: Register) -> Callable[[Case], ActivityCheck]:
    finder, checker = AdvertiserFinder(register), PermitChecker(register)

    def ask(case: Case) -> ActivityCheck:
        who = finder.who(case.name, case.day) if case.name else Who("", ())
        return checker.check(Question(who, case.activity, case.day, case.region))

    return ask


@pytest.fixture(scope="session")
def answer(register: Register) -> Callable[[Case], ActivityCheck]:
    return asking(register)


def demand(told: ActivityCheck, case: Case) -> None:
    row = f"{case.name} {case.activity} {case.day}: {told.reason}"
    assert told.status is case.status, row
    assert case.proven in (None, told.proven), row
    assert told.reason, row
    assert case.says in told.reason, row


@pytest.mark.parametrize("case", CASES)
def test_verdict_is_that_of_the_permit_table(answer, case: Case):
    demand(answer(case), case)


@pytest.mark.parametrize("case", WITHOUT_REGISTER)
def test_without_a_register_the_law_alone_answers(case: Case):
    question = Question(Who(case.name, ()), case.activity, case.day, case.region)
    demand(PermitChecker(None).check(question), case)


def test_matrix_has_every_status_and_every_activity():
    statuses = Counter(case.status for case in ALL)
    assert len(ALL) >= 230
    assert min(statuses[status] for status in PermitStatus) >= 8
    assert {case.activity for case in ALL} == set(load_businesses())


def test_matrix_has_every_turn_on_the_day_before_and_on_the_day():
    asked = {(case.activity, case.day) for case in ALL}
    wanting = [
        (activity, day)
        for activity, business in load_businesses().items()
        for turn in (*business.banned, *business.not_public)
        for day in (turn.since - timedelta(days=1), turn.since)
        if (activity, day) not in asked
    ]
    assert not wanting


def test_matrix_has_no_row_twice():
    for table in (CASES, WITHOUT_REGISTER):
        times = Counter(param.values[0] for param in table)
        assert not [case for case in times if times[case] > 1]


def test_verdicts_do_not_depend_on_the_order_of_import(answer, tmp_path: Path):
    with closing(open_register(tmp_path / "reversed.db", create=True)) as register:
        for told in reversed(TABLE["lists"]):
            take_list(register, told)
        backwards = asking(register)
        for case in (param.values[0] for param in CASES):
            one, other = answer(case), backwards(case)
            assert (one.status, one.proven) == (other.status, other.proven), case
