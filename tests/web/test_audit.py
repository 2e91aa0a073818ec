"""The audit log: nothing can be changed in it without being found."""

from __future__ import annotations

import hashlib
import multiprocessing
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from adscan.cli.commands.audit import verify as verify_command
from adscan.errors import SettingsError
from adscan.web.audit.check import Checked, verify
from adscan.web.audit.log import FIRST_SEAL, Vault, record, seal_entries
from adscan.web.kept.tables import AuditEntry, AuditHead, Company
from adscan.web.store.database import Database, database_url, open_database
from tests.web.office import Office, settings_for

ENTRIES, HEAD = AuditEntry.__table__, AuditHead.__table__
_AT = datetime(2026, 11, 25, tzinfo=timezone.utc)
COLUMNS = ("at", "actor", "action", "subject", "detail", "seal")


@pytest.fixture
def office(either_office: Office) -> Office:
    """Ten commits beyond those of the beginning, one of them of several entries."""
    for number in range(10):
        with either_office.database.writing() as session:
            record(
                session, "wang", "verdict", f"submission:{number}", reason="不涉及", number=number
            )
            if number == 4:
                record(session, "wang", "comment", "submission:4")
    return either_office


def vault_of(office: Office) -> Vault:
    return Vault.open(office.settings.web.data_dir, create=False)


def check(office: Office, expected=None) -> Checked:
    with office.database.reading() as session:
        return verify(session, vault_of(office), expected)


def open_to_changes(office: Office) -> None:
    """What an attacker with the database's own rights does first."""
    with office.database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("DROP TRIGGER audit_append_only ON audit"))
            return
        for name in ("audit_no_update", "audit_no_delete"):
            connection.execute(text(f"DROP TRIGGER {name}"))


def tamper(office: Office, *statements) -> None:
    open_to_changes(office)
    with office.database.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)


def rows_of(office: Office) -> list[dict]:
    with office.database.engine.connect() as connection:
        found = connection.execute(select(ENTRIES).order_by(ENTRIES.c.seq))
        return [dict(row._mapping) for row in found]


def put_rows(office: Office, rows: list[dict], *, with_head: bool) -> None:
    with office.database.engine.begin() as connection:
        connection.execute(delete(ENTRIES))
        if rows:
            connection.execute(insert(ENTRIES), rows)
        if with_head:
            last = rows[-1] if rows else {"seq": 0, "seal": FIRST_SEAL}
            connection.execute(update(HEAD).values(seq=last["seq"], seal=last["seal"]))


def other(column: str, value):
    """A value of the same kind that differs as little as it can."""
    match column:
        case "at":
            return value + timedelta(microseconds=1)
        case "detail":
            return {**value, "number": 99}
        case "seal":
            return ("0" if value[0] != "0" else "1") + value[1:]
        case _:
            return value + "x"


def test_untouched_log_is_whole(office: Office):
    checked = check(office)
    assert checked.faults == ()
    assert checked.count == len(rows_of(office)) > 12
    assert checked.last_seal == rows_of(office)[-1]["seal"]


@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_of_any_column_of_any_entry_is_found(office: Office, column: str):
    rows = rows_of(office)
    open_to_changes(office)
    for place, row in enumerate(rows):
        changed = [dict(one) for one in rows]
        changed[place][column] = other(column, row[column])
        put_rows(office, changed, with_head=True)
        faults = check(office).faults
        assert any(f"第 {row['seq']} 条" in fault for fault in faults), (column, row["seq"], faults)


@pytest.mark.parametrize("place", ["beginning", "middle", "end"])
@pytest.mark.parametrize("with_head", [False, True])
def test_a_deleted_entry_is_missed(office: Office, place: str, with_head: bool):
    rows = rows_of(office)
    gone = {"beginning": 0, "middle": len(rows) // 2, "end": len(rows) - 1}[place]
    open_to_changes(office)
    put_rows(office, rows[:gone] + rows[gone + 1 :], with_head=with_head)
    assert check(office).faults


def test_a_deleted_entry_is_missed_when_the_numbers_are_closed_up(office: Office):
    rows = rows_of(office)
    left = [{**row, "seq": seq} for seq, row in enumerate(rows[:5] + rows[6:], 1)]
    open_to_changes(office)
    put_rows(office, left, with_head=True)
    assert check(office).faults


def test_all_entries_gone_with_the_head_set_back_is_found(office: Office):
    open_to_changes(office)
    put_rows(office, [], with_head=True)
    assert "末尾被删除" in check(office).faults[0]


def test_swapped_entries_are_found(office: Office):
    rows = rows_of(office)
    rows[3], rows[6] = {**rows[6], "seq": rows[3]["seq"]}, {**rows[3], "seq": rows[6]["seq"]}
    open_to_changes(office)
    put_rows(office, rows, with_head=True)
    faults = check(office).faults
    assert any("第 4 条" in fault for fault in faults)
    assert any("第 7 条" in fault for fault in faults)


def test_an_inserted_entry_is_found(office: Office):
    rows = rows_of(office)
    new = {**rows[-1], "seq": len(rows) + 1, "action": "decision.approve"}
    open_to_changes(office)
    put_rows(office, [*rows, new], with_head=True)
    assert any(f"第 {new['seq']} 条" in fault for fault in check(office).faults)
    put_rows(office, [{**rows[0], "seq": 0}, *rows], with_head=False)
    assert "插入" in check(office).faults[0]


def test_a_chain_made_anew_without_the_key_is_found(office: Office):
    """Plain hashes, or the right form with another key."""
    forger = Vault(hashlib.sha256(b"guess").digest(), Path("/nowhere"))
    rows, seal = rows_of(office), FIRST_SEAL
    for row in rows:
        row["detail"] = {**row["detail"], "reason": "另一个理由"}
        seal = row["seal"] = forger.seal(AuditEntry(**row), seal)
    open_to_changes(office)
    put_rows(office, rows, with_head=True)
    assert len(check(office).faults) >= len(rows)


def test_a_chain_made_anew_with_the_key_is_found_by_what_was_noted_elsewhere(office: Office):
    noted = check(office)
    vault = vault_of(office)
    rows, seal = rows_of(office), FIRST_SEAL
    for row in rows:
        row["actor"] = "someone"
        seal = row["seal"] = vault.seal(AuditEntry(**row), seal)
    open_to_changes(office)
    put_rows(office, rows, with_head=True)
    vault.anchors.write_text(f"{rows[-1]['seq']} {seal}\n")
    assert check(office).faults == ()  # who has key and folder can forge what lies in them
    faults = check(office, (noted.count, noted.last_seal)).faults
    assert any("给出的封印" in fault for fault in faults)


def test_an_end_cut_off_is_found_after_the_service_went_on_writing(office: Office):
    """The same numbers are given again, under other seals."""
    rows = rows_of(office)
    open_to_changes(office)
    put_rows(office, rows[:-3], with_head=True)
    for number in range(6):
        with office.database.writing() as session:
            record(session, "wang", "verdict", f"submission:{number}")
    faults = check(office).faults
    assert any("末尾曾被删除" in fault for fault in faults)


def test_lost_anchors_are_told(office: Office):
    vault_of(office).anchors.unlink()
    assert "锚点文件" in check(office).faults[0]


def test_an_anchor_cut_short_by_a_crash_is_no_fault(office: Office):
    anchors = vault_of(office).anchors
    anchors.write_bytes(anchors.read_bytes() + b"9 ab12")
    with office.database.writing() as session:
        record(session, "wang", "verdict", "submission:1")  # its anchor joins the broken line
    assert check(office).faults == ()


def test_a_lost_or_doubled_head_is_found(office: Office):
    with office.database.engine.begin() as connection:
        connection.execute(insert(HEAD).values(id=2, seq=1, seal=FIRST_SEAL))
    assert "日志头多于一行" in check(office).faults
    with office.database.engine.begin() as connection:
        connection.execute(delete(HEAD))
    assert "日志头不见了" in check(office).faults


@pytest.mark.parametrize("column", ["at", "detail", "actor", "seal"])
def test_an_entry_that_cannot_be_read_is_a_fault_and_the_others_are_still_checked(tmp_path, column):
    """SQLite keeps any bytes in any column."""
    office = Office(settings_for(tmp_path / "service"))
    broken = {"at": "'soon'", "detail": "'{'", "actor": "x'ff00'", "seal": "x'00'"}[column]
    tamper(
        office,
        text(f"UPDATE audit SET {column} = {broken} WHERE seq = 3"),
        text("UPDATE audit SET action = 'x' WHERE seq = 6"),
    )
    faults = check(office).faults
    assert "第 3 条读不出来：内容被改坏" in faults
    assert any("第 6 条" in fault for fault in faults)
    assert not any("第 1 条" in fault or "第 7 条" in fault for fault in faults)
    office.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'x'",
        "UPDATE audit SET detail = '{}' WHERE seq = 2",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE seq = 1",
    ],
)
def test_the_database_itself_refuses_changes_and_deletions(office: Office, statement: str):
    before = rows_of(office)
    with (
        pytest.raises(DBAPIError, match="append-only"),
        office.database.engine.begin() as connection,
    ):
        connection.execute(text(statement))
    assert rows_of(office) == before


def test_postgresql_refuses_to_empty_the_log(office: Office):
    if office.database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with (
        pytest.raises(DBAPIError, match="append-only"),
        office.database.engine.begin() as connection,
    ):
        connection.execute(text("TRUNCATE audit"))


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.integers(0, 99), st.sampled_from(COLUMNS)),
        st.tuples(st.just("delete"), st.integers(0, 99), st.integers(1, 20)),
        st.tuples(st.just("swap"), st.integers(0, 99), st.integers(0, 99)),
        st.tuples(st.just("repeat"), st.integers(0, 99), st.integers(0, 99)),
        st.tuples(st.just("move"), st.integers(0, 99), st.integers(0, 99)),
    ),
    min_size=1,
    max_size=4,
)


def changed_by(rows: list[dict], changes) -> list[dict]:
    rows = [dict(row) for row in rows]
    for kind, first, second in changes:
        if not rows:
            break
        place = first % len(rows)
        match kind:
            case "change":
                rows[place] = {**rows[place], second: other(second, rows[place][second])}
            case "delete":
                del rows[place : place + second]
            case "swap":
                beside = second % len(rows)
                rows[place], rows[beside] = rows[beside], rows[place]
            case "repeat":
                rows.insert(second % len(rows), dict(rows[place]))
            case "move":
                rows.insert(second % len(rows), rows.pop(place))
    return rows


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    changes=CHANGES,
    closes_up=st.booleans(),
    with_head=st.booleans(),
    reseals=st.booleans(),
)
def test_no_mix_of_changes_goes_unfound(office: Office, changes, closes_up, with_head, reseals):
    if not hasattr(office, "was"):
        office.was = rows_of(office)
        open_to_changes(office)
    put_rows(office, office.was, with_head=True)  # an earlier example may have moved the head
    rows = changed_by(office.was, changes)
    if closes_up or len({row["seq"] for row in rows}) < len(rows):
        rows = [{**row, "seq": seq} for seq, row in enumerate(rows, 1)]
    rows.sort(key=lambda row: row["seq"])
    if reseals and rows != office.was:
        seal = FIRST_SEAL
        for row in rows:
            seal = row["seal"] = Vault(b"k" * 32, Path("/nowhere")).seal(AuditEntry(**row), seal)
    put_rows(office, rows, with_head=with_head)
    assert bool(check(office).faults) == (rows != office.was)


def _write(settings, name: str, commits: int) -> None:
    database = open_database(settings)
    for number in range(commits):
        with database.writing() as session:
            session.add(Company(name=f"{name}-{number}", created_at=_AT))
            for part in range(1 + number % 3):
                record(session, name, "company.added", f"company:{name}-{number}", part=part)
    database.engine.dispose()


def test_many_writers_at_once_keep_the_chain_whole(office: Office):
    """Threads of this process and of others; nothing is lost, no number given twice."""
    before = check(office).count
    context = multiprocessing.get_context("spawn")
    writers = [
        *(context.Process(target=_write, args=(office.settings, f"p{n}", 15)) for n in range(3)),
        *(threading.Thread(target=_write, args=(office.settings, f"t{n}", 15)) for n in range(4)),
    ]
    for writer in writers:
        writer.start()
    seen = [check(office) for _ in range(5)]  # a log that is being written to is whole, too
    for writer in writers:
        writer.join(120)
    assert [checked.faults for checked in seen] == [()] * 5
    checked = check(office)
    assert checked.faults == ()
    assert checked.count - before == 7 * sum(1 + number % 3 for number in range(15))


def test_what_fails_leaves_no_entry(office: Office):
    before = check(office).count
    with pytest.raises(RuntimeError), office.database.writing() as session:
        record(session, "wang", "verdict", "submission:1")
        raise RuntimeError("on the way")
    with office.database.writing() as session:
        record(session, "wang", "verdict", "submission:1")
        session.rollback()  # a route that answers with the form again
    assert check(office).count == before
    assert check(office).faults == ()


def test_an_entry_of_a_savepoint_stays_when_another_savepoint_fails(office: Office):
    before = check(office).count
    with office.database.writing() as session:
        record(session, "wang", "verdict", "submission:1")
        with session.begin_nested() as savepoint:
            savepoint.rollback()
    assert check(office).count == before + 1


@pytest.mark.parametrize(
    "detail",
    [
        {"reason": "含有 \0 和 \ud800 半个字"},
        {"numbers": (1, 2.0, 1e300, 10**30, True, None)},
        {"by_number": {10: "a", 9: "b"}},
        {"deep": {"乙": [{"甲": "é"}], "a": "\u2028"}},
    ],
)
def test_whatever_is_recorded_reads_back_as_it_was_sealed(office: Office, detail):
    with office.database.writing() as session:
        record(session, "a\0b\ud800" * 40, "verdict", "login:" + "长" * 200, **detail)
    assert check(office).faults == ()


def test_a_process_without_the_vault_cannot_write_to_the_log(office: Office):
    database = Database(database_url(office.settings))
    with pytest.raises(AssertionError), database.writing() as session:
        record(session, "wang", "verdict", "submission:1")
    database.engine.dispose()


def test_entries_are_sealed_in_the_order_they_were_noted(office: Office):
    with office.database.writing() as session:
        for number in range(5):
            record(session, "wang", "verdict", f"finding:{number}")
        last = seal_entries(session, vault_of(office))
    assert [row["subject"] for row in rows_of(office)[-5:]] == [f"finding:{n}" for n in range(5)]
    assert last.seq == rows_of(office)[-1]["seq"]


def test_the_key_is_made_once_and_never_half(tmp_path):
    made = []
    threads = [
        threading.Thread(target=lambda: made.append(Vault.open(tmp_path, create=True).key))
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 16
    assert len(set(made)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["audit.key"]
    assert (tmp_path / "audit.key").stat().st_mode & 0o777 == 0o600


def test_a_broken_key_is_a_wrong_setup(tmp_path):
    (tmp_path / "audit.key").write_bytes(b"short")
    with pytest.raises(SettingsError, match="不完整"):
        Vault.open(tmp_path, create=True)


# --- the command ---


@pytest.fixture
def run(office: Office, monkeypatch):
    monkeypatch.setenv("ADSCAN_WEB__DATA_DIR", str(office.settings.web.data_dir))
    monkeypatch.setenv("ADSCAN_DATABASE_URL", database_url(office.settings))
    return lambda *arguments: CliRunner().invoke(
        verify_command, list(arguments), standalone_mode=False
    )


def test_command_says_that_the_log_is_whole_and_what_to_note(office: Office, run):
    result = run()
    checked = check(office)
    assert result.return_value == 0
    assert "没有被改动" in result.output
    assert f"{checked.count}:{checked.last_seal}" in result.output
    assert run("--head", f"{checked.count}:{checked.last_seal}").return_value == 0


def test_command_gives_each_fault_a_line(office: Office, run):
    tamper(office, text("UPDATE audit SET actor = 'x' WHERE seq in (2, 5)"))
    result = run()
    assert result.return_value == 1
    lines = [line for line in result.output.splitlines() if "与封印不符" in line]
    assert [line.partition(" 条")[0] for line in lines] == ["第 2", "第 5"]


def test_command_finds_what_differs_from_a_noted_seal(run):
    result = run("--head", f"3:{'a' * 64}")
    assert result.return_value == 1
    assert "给出的封印" in result.output
    result = run("--head", f"3000:{'a' * 64}")
    assert result.return_value == 1
    assert "末尾被删除" in result.output


@pytest.mark.parametrize(
    "noted", ["", "3", "0:" + "a" * 64, "3:xyz", "3:" + "a" * 63, "x:" + "a" * 64]
)
def test_command_refuses_a_head_that_is_none(run, noted: str):
    assert isinstance(run("--head", noted).exception, click.UsageError)


def test_command_without_a_service_says_where_to_look(tmp_path, monkeypatch):
    monkeypatch.setenv("ADSCAN_WEB__DATA_DIR", str(tmp_path / "nothing"))
    monkeypatch.delenv("ADSCAN_DATABASE_URL", raising=False)
    run = CliRunner().invoke(verify_command, [], standalone_mode=False)
    assert isinstance(run.exception, SettingsError)
    Vault.open(tmp_path / "nothing", create=True)
    run = CliRunner().invoke(verify_command, [], standalone_mode=False)
    assert isinstance(run.exception, SettingsError)
    assert [path.name for path in (tmp_path / "nothing").iterdir()] == ["audit.key"]
    monkeypatch.setenv("ADSCAN_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    (tmp_path / "empty.db").touch()
    run = CliRunner().invoke(verify_command, [], standalone_mode=False)
    assert isinstance(run.exception, SettingsError)


def test_seal_covers_each_field_apart(office: Office):
    """No two different entries say the same to the seal by shifting words between fields."""
    vault, at = vault_of(office), _AT
    one = AuditEntry(seq=1, at=at, actor="ab", action="c", subject="d", detail={}, seal="")
    two = AuditEntry(seq=1, at=at, actor="a", action="bc", subject="d", detail={}, seal="")
    assert vault.seal(one, FIRST_SEAL) != vault.seal(two, FIRST_SEAL)
