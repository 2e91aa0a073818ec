"""Databases by URL."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from datetime import date
from pathlib import Path

import pytest

from adscan.errors import SetupError
from tests.scan.inputs.archives import ADS, PICTURES, cells, contents, read, said, write_sqlite

INITDB = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))  # where Debian has it


def made(path, *statements):
    base = sqlite3.connect(path)
    for statement in statements:
        base.execute(statement)
    base.commit()
    base.close()
    return f"sqlite:///{path}"


def test_rows_come_in_order_of_the_primary_key_and_are_named_by_it(tmp_path):
    url = made(
        tmp_path / "a.db",
        "CREATE TABLE posts (day TEXT, number INT, text TEXT, PRIMARY KEY (day, number))",
        "INSERT INTO posts VALUES ('b', 2, 'x'), ('a', 10, 'y'), ('b', 1, 'z')",
    )
    names = [entry.name for entry in read(url)]
    assert names == [f"{tmp_path}/a.db/posts#{key}" for key in ("a,10", "b,1", "b,2")]


def test_rows_without_a_primary_key_are_counted(tmp_path):
    url = made(tmp_path / "a.db", "CREATE TABLE p (text)", "INSERT INTO p VALUES ('x'), ('y')")
    assert [entry.name.rpartition("/")[2] for entry in read(url)] == ["p#1", "p#2"]


def test_pictures_in_a_column_are_read(tmp_path):
    path = tmp_path / "a.db"
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE p (text, image BLOB, date)")
    base.execute("INSERT INTO p VALUES (NULL, ?, '2025/3/7')", [PICTURES["red.png"]])
    base.commit()
    base.close()
    (entry,) = read(f"sqlite:///{path}")
    assert contents(entry) == [PICTURES["red.png"]]
    assert entry.published == date(2025, 3, 7)


def test_a_row_with_an_impossible_day_costs_only_itself(tmp_path):
    url = made(
        tmp_path / "a.db",
        "CREATE TABLE p (text TEXT, date DATE)",
        "INSERT INTO p VALUES ('x', '2025-02-30'), ('y', '2025-02-28')",
    )
    assert [bool(entry.trouble) for entry in read(url)] == [True, False]


def test_of_several_tables_one_must_be_named(tmp_path):
    url = made(
        tmp_path / "a.db",
        "CREATE TABLE p (text)",
        "CREATE TABLE q (text)",
        "INSERT INTO q VALUES ('x')",
    )
    with pytest.raises(SetupError, match="不止一张表，或没有表：p、q"):
        read(url)
    assert len(read(f"{url}#q")) == 1
    with pytest.raises(SetupError, match="没有表“r”；有：p、q"):
        read(f"{url}#r")


def test_names_with_odd_characters_are_quoted(tmp_path):
    url = made(
        tmp_path / "a.db",
        'CREATE TABLE "a ""b; DROP" ("正 文" TEXT)',
        'INSERT INTO "a ""b; DROP" VALUES (\'x\')',
    )
    (entry,) = read(url, columns={"text": "正 文"})
    assert contents(entry) == [b"x"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////nowhere/a.db", "找不到数据库文件"),
        ("sqlite://", "找不到数据库文件"),
        ("nosuch://user:geheim@host/db#t", "不认识的数据库类型“nosuch”"),
        ("postgresql+nosuch://user:geheim@host/db#t", "不认识的数据库类型"),
        ("postgresql+psycopg://user:geheim@host:port/db", "数据库地址写得不对"),
        ("postgresql:/user:geheim@host/db", "数据库地址写得不对"),
    ],
)
def test_an_address_that_cannot_be_used_stops_the_run_without_telling_the_password(url, said):
    with pytest.raises(SetupError, match=said) as error:
        read(url)
    assert "geheim" not in str(error.value)


def test_a_driver_that_is_not_installed_is_named():
    with pytest.raises(SetupError, match="没有安装数据库驱动") as error:
        read("oracle+oracledb://user:geheim@host/db#t")
    assert "geheim" not in str(error.value)


def test_a_file_that_is_no_database_stops_the_run(tmp_path):
    (tmp_path / "a.db").write_bytes(b"SQLite format 3\x00" + b"x" * 200)
    with pytest.raises(SetupError):
        read(tmp_path / "a.db")


def test_a_database_that_breaks_midway_tells_to_run_again(tmp_path):
    path = tmp_path / "a.db"
    made(path, "CREATE TABLE p (id INTEGER PRIMARY KEY, text)")
    base = sqlite3.connect(path)
    base.executemany("INSERT INTO p (text) VALUES (?)", [("字" * 500,)] * 3000)
    base.commit()
    base.close()
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 4096 * 20] = b"\xff" * 4096 * 20
    path.write_bytes(data)
    with pytest.raises(SetupError, match="读到一半出错") as error:
        read(f"sqlite:///{path}")
    assert "再运行同一命令" in error.value.hint


# PostgreSQL


@pytest.fixture(scope="module")
def server():
    """A server of its own on a loopback port: (port, stop)."""
    if not INITDB:
        pytest.skip("no PostgreSQL server on this machine")
    as_nobody = (
        ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        if os.getuid() == 0
        else []
    )
    if as_nobody and not shutil.which("setpriv"):
        pytest.skip("PostgreSQL does not run as root, and there is no setpriv")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # not below pytest's, which is root's alone
    folder.chmod(0o777)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "password").write_text("geheim")
    (folder / "password").chmod(0o644)

    def run(program, *arguments):
        command = [
            *as_nobody,
            str(INITDB[-1].with_name(program)),
            "-D",
            str(folder / "data"),
            *arguments,
        ]
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
        )

    def stop():
        run("pg_ctl", "-m", "immediate", "-w", "stop")

    try:
        run(
            "initdb",
            "-U",
            "wang",
            "-A",
            "scram-sha-256",
            f"--pwfile={folder / 'password'}",
            "-E",
            "UTF8",
            "--no-sync",
        )
        run(
            "pg_ctl",
            "-w",
            "-l",
            str(folder / "log"),
            "-o",
            f"-p {port} -k {folder} -h 127.0.0.1 -F",
            "start",
        )
        yield port, stop
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            stop()
        shutil.rmtree(folder)


@pytest.fixture
def posts(server):
    """Connects as the owner; a table of the five ads."""
    import psycopg

    port, _ = server
    with psycopg.connect(
        f"postgresql://wang:geheim@127.0.0.1:{port}/postgres", autocommit=True
    ) as base:
        base.execute("DROP TABLE IF EXISTS posts")
        base.execute(
            "CREATE TABLE posts (id text PRIMARY KEY, text text, image text, title text, advertiser text, published date, medium text, url text)"
        )
        for ad in reversed(ADS):
            row = [value or None for value in cells(ad).values()]
            base.execute("INSERT INTO posts VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", row)
        yield base


@pytest.mark.slow
@pytest.mark.enable_socket
def test_postgresql_gives_the_same_entries_as_sqlite(server, posts, tmp_path):
    url = f"postgresql+psycopg://wang:geheim@127.0.0.1:{server[0]}/postgres"
    entries = read(f"{url}#posts")
    assert [said(entry) for entry in entries] == [
        said(entry) for entry in read(write_sqlite(tmp_path / "a.db"))
    ]
    assert [entry.name for entry in entries] == [
        f"127.0.0.1/postgres/posts#{n}" for n in range(1, 6)
    ]
    assert read(f"{url}#public.posts")[0].name == "127.0.0.1/postgres/public.posts#1"


@pytest.mark.slow
@pytest.mark.enable_socket
def test_a_wrong_password_stops_the_run_and_is_not_told(server, posts):
    with pytest.raises(SetupError, match=r"连不上数据库 127\.0\.0\.1/postgres") as error:
        read(f"postgresql+psycopg://wang:falsch@127.0.0.1:{server[0]}/postgres#posts")
    assert "falsch" not in str(error.value)
    assert error.value.__cause__ is None


@pytest.mark.slow
@pytest.mark.enable_socket
def test_rows_are_streamed_and_a_lost_connection_tells_to_run_again(server, posts):
    from adscan.scan.input import InputOptions
    from adscan.scan.inputs import read_entries
    from adscan.settings import Limits

    port, stop = server
    posts.execute(
        "INSERT INTO posts SELECT 'n' || n, repeat('字', 2000) FROM generate_series(1, 20000) AS n"
    )
    url = f"postgresql+psycopg://wang:geheim@127.0.0.1:{port}/postgres#posts"
    entries = read_entries([url], InputOptions(Limits()))
    assert next(entries).trouble is None
    stop()
    with pytest.raises(SetupError, match="读到一半出错") as error:
        list(entries)
    assert "再运行同一命令" in error.value.hint
    assert "geheim" not in str(error.value)
