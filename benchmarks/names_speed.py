"""Lines a second through `adscan names`, on one core: reading, screening, writing JSON lines.

    python benchmarks/names_speed.py [LINES]

Two generated files of LINES (1,000,000) rows in /tmp: a plain list of names, and a CSV of names
with business scopes. About one name in ten bears a restricted word, far more than a register has;
every fourth scope carries the usual clause of what the company may not do.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from adscan.permits.register_file import open_register
from adscan.permits.restricted_names.files import Remark, read_names
from adscan.permits.restricted_names.licences import Licences
from adscan.permits.restricted_names.screening import Screener
from adscan.records.restricted_name import NameHit
from adscan.report.name_lists import render_jsonl
from adscan.settings import Limits

DAY = date(2026, 11, 25)
PLACES = ("温州市", "浙江省", "上海", "杭州市余杭区", "瑞安市", "北京", "深圳市", "")
TRADES = ("鑫源", "海蓝", "速达", "宏图", "百川", "云帆", "瓯江", "恒泰", "聚信", "中科")
LINES = (
    "科技",
    "商贸",
    "企业管理咨询",
    "管理财务咨询",
    "建筑工程",
    "文化传播",
    "供应链",
    "鞋业",
    "餐饮管理",
)
RESTRICTED = (
    "财富管理",
    "投资管理",
    "金融信息服务",
    "支付科技",
    "私募基金管理",
    "小额贷款",
    "网络借贷",
)
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "合伙企业（有限合伙）")
SCOPES = (
    "一般项目：企业管理咨询；社会经济咨询服务；技术服务（除依法须经批准的项目外，依法自主开展经营活动）",
    "企业管理咨询（未经金融等监管部门批准，不得从事吸收存款、融资担保、代客理财等金融业务）",
    "鞋、服装、皮革制品的制造与销售；货物进出口；技术进出口",
    "接受金融机构委托从事金融信息技术外包服务；软件开发；理财咨询",
)


def rows(count: int) -> Iterator[tuple[str, str]]:
    chance = random.Random(7)
    for _ in range(count):
        line = chance.choice(RESTRICTED if chance.random() < 0.1 else LINES)
        number = chance.randrange(100_000)
        name = f"{chance.choice(PLACES)}{chance.choice(TRADES)}{number}{line}{chance.choice(FORMS)}"
        yield name, chance.choice(SCOPES)


def write(folder: Path, count: int) -> tuple[Path, Path]:
    plain, table = folder / "names.txt", folder / "names.csv"
    with plain.open("w", encoding="utf-8") as names, table.open("w", encoding="gb18030") as scopes:
        scopes.write("企业名称,经营范围\n")
        for name, scope in rows(count):
            names.write(f"{name}\n")
            scopes.write(f"{name},{scope}\n")
    return plain, table


def hits(path: Path, screener: Screener) -> Iterator[NameHit]:
    for item in read_names(path, None, Limits()):
        if not isinstance(item, Remark) and (hit := screener.screen(item)):
            yield hit


def measure(path: Path, told: str, screener: Screener, count: int) -> None:
    began = time.process_time()
    found = sum(1 for _ in render_jsonl(hits(path, screener)))
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{told}: {count:,} rows in {seconds:.1f} s ({count / seconds:,.0f} a second),"
        f" {found:,} hits, peak {peak:.0f} MiB"
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        plain, table = write(Path(folder), count)
        register = open_register(Path(folder) / "register.db", create=True)
        measure(plain, "names, no register", Screener(DAY), count)
        measure(plain, "names, empty register", Screener(DAY, Licences(register, DAY)), count)
        measure(table, "names and scopes, no register", Screener(DAY), count)
        register.close()


if __name__ == "__main__":
    main()
