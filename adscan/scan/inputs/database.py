"""A table of a database, read as a stream: `sqlite:///ads.db#posts`, `postgresql+psycopg://…#posts`.

The part behind `#` names the table, or `schema.table`; a database with one table needs none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from adscan.errors import SetupError
from adscan.scan.entry import Entry
from adscan.scan.input import InputOptions
from adscan.scan.inputs.columns import find_columns, pick
from adscan.scan.inputs.pictures import PictureFolder
from adscan.scan.inputs.rows import row_entry

_BATCH_ROWS = 200  # pictures may stand in the rows
_SHOWN = 30  # tables named in a message


def read_database(url: str, options: InputOptions) -> Iterator[Entry]:
    """The rows of one table, in order of its primary key if it has one.

    Raises SetupError, also if the connection is lost midway: another run goes on from there.
    """
    address, _, wanted = url.partition("#")
    place = _parsed(address)
    with _connected(place) as connection:
        schema, name = _table(sa.inspect(connection), wanted, place)
        columns, keys = _columns(sa.inspect(connection), schema, name)
        fields = find_columns(columns, options, f"表 {name} ")
        find = PictureFolder(_picture_root(place, options), options.limits).find
        query = _query(schema, name, sorted({*fields.values(), *keys}), keys)
        begin = f"{_shown(place)}/{wanted or name}#"
        for number, row in enumerate(_rows(connection, query), start=1):
            key = ",".join(str(row[column]) for column in keys) if keys else str(number)
            yield row_entry(begin + key, pick(row, fields), find)


def _parsed(address: str) -> sa.URL:
    try:
        place = sa.make_url(address)
    except (ArgumentError, ValueError):
        # the cause may show the password
        raise SetupError("数据库地址写得不对", hint=_EXAMPLES) from None
    if place.get_backend_name() == "sqlite" and not Path(place.database or "").is_file():
        raise SetupError(f"找不到数据库文件：{place.database or '（没有写）'}", hint=_EXAMPLES)
    return place


_EXAMPLES = (
    "写法如 sqlite:///ads.db#posts 或 postgresql+psycopg://用户:密码@主机/库#表；"
    "密码里的特殊字符要写成 %40 这样的形式"
)


@contextmanager
def _connected(place: sa.URL) -> Iterator[sa.Connection]:
    engine = _engine(place)
    try:
        try:
            connection = engine.connect()
        except DBAPIError as error:
            raise SetupError(
                f"连不上数据库 {_shown(place)}（{_said(error, place)}）",
                hint="请检查地址、账户和密码，以及数据库是否在运行",
            ) from None  # the cause may show the password
        with connection:
            yield connection
    except DBAPIError as error:
        raise SetupError(
            f"数据库 {_shown(place)} 读到一半出错（{_said(error, place)}）",
            hint="请确认数据库可用，再运行同一命令：已完成的广告不会重扫",
        ) from None
    except SQLAlchemyError as error:
        raise SetupError(
            f"数据库 {_shown(place)} 读不出（{_said(error, place)}）", hint=_EXAMPLES
        ) from None
    finally:
        engine.dispose()


def _engine(place: sa.URL) -> sa.Engine:
    driver = place.drivername
    try:
        return sa.create_engine(place, poolclass=sa.NullPool, hide_parameters=True)
    except NoSuchModuleError as error:
        raise SetupError(f"不认识的数据库类型“{driver}”", hint=_EXAMPLES) from error
    except ModuleNotFoundError as error:
        raise SetupError(
            f"没有安装数据库驱动 {error.name}", hint="请安装：pip install 'adscan[postgresql]'"
        ) from error
    except (ArgumentError, ValueError) as error:
        raise SetupError(f"数据库地址 {_shown(place)} 写得不对", hint=_EXAMPLES) from error


def _table(inspector: sa.Inspector, wanted: str, place: sa.URL) -> tuple[str | None, str]:
    """Schema and name of the table to read. Raises SetupError."""
    found = [*inspector.get_table_names(), *inspector.get_view_names()]
    schema, _, name = wanted.rpartition(".")
    if wanted in found:
        return None, wanted
    if schema and inspector.has_table(name, schema=schema):
        return schema, name
    listed = "、".join(found[:_SHOWN]) or "（没有表）"
    if wanted:
        raise SetupError(
            f"数据库 {_shown(place)} 里没有表“{wanted}”；有：{listed}",
            hint="请改正地址末尾 # 后的表名",
        )
    if len(found) != 1:
        raise SetupError(
            f"数据库 {_shown(place)} 里不止一张表，或没有表：{listed}",
            hint="请在地址末尾用 # 指明表，如 sqlite:///ads.db#posts",
        )
    return None, found[0]


def _columns(inspector: sa.Inspector, schema: str | None, name: str) -> tuple[list[str], list[str]]:
    """The columns, and those of the primary key."""
    columns = [column["name"] for column in inspector.get_columns(name, schema=schema)]
    key = inspector.get_pk_constraint(name, schema=schema) or {}
    return columns, list(key.get("constrained_columns") or [])


def _query(
    schema: str | None, name: str, columns: list[str], keys: list[str]
) -> sa.Select[tuple[Any, ...]]:
    """Values come as the driver has them: a day that is none must not stop the others."""
    table = sa.table(name, *(sa.column(column) for column in columns), schema=schema)
    return sa.select(*table.columns).order_by(*(table.columns[key] for key in keys))


def _rows(
    connection: sa.Connection, query: sa.Select[tuple[Any, ...]]
) -> Iterator[Mapping[str, Any]]:
    streamed = connection.execution_options(stream_results=True, yield_per=_BATCH_ROWS)
    with closing(streamed.execute(query)) as result:
        for row in result:
            yield {str(key): value for key, value in row._mapping.items()}


def _picture_root(place: sa.URL, options: InputOptions) -> Path:
    if options.image_root:
        return options.image_root
    is_file = place.get_backend_name() == "sqlite" and place.database
    return Path(place.database or "").parent if is_file else Path()


def _shown(place: sa.URL) -> str:
    """The database without user and password."""
    if place.get_backend_name() == "sqlite":
        return place.database or ""
    return "/".join(filter(None, (place.host, place.database)))


def _said(error: SQLAlchemyError, place: sa.URL) -> str:
    """The driver's first line, the password taken out should it stand there."""
    said = str(getattr(error, "orig", None) or error).strip().split("\n")[0][:200]
    return said.replace(str(place.password), "***") if place.password else said
