"""What goes wrong with a register file, in words for its user."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from adscan.errors import RegisterError


def fault_of(path: Path, error: Exception) -> RegisterError:
    """What SQLite or the system says of a register file, in words for its user."""
    if "locked" in str(error):
        return RegisterError(f"登记册 {path} 正被另一个程序写入", hint="请等它结束后再试")
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        return RegisterError(
            f"登记册 {path} 已损坏或不是数据库（{error}）",
            hint="请用备份替换，或删除后重新导入名录",
        )
    return RegisterError(f"登记册 {path} 打不开（{error}）", hint="请检查路径、权限和磁盘空间")
