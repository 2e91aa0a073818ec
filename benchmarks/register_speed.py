"""A list of half a million institutions into a new register, then a thousand look-ups.

    python benchmarks/register_speed.py [INSTITUTIONS]

The list is made on the spot, in the general layout: invented names of the usual build, correct
check digits, one permit each. A look-up is a name and the permits behind it, as a check asks.
"""

from __future__ import annotations

import csv
import gc
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from stdnum.cn import uscc

from adscan.permits.lists.importing import Order, import_list
from adscan.permits.register import Register
from adscan.permits.register_file import open_register

INSTITUTIONS = 500_000
LOOKUPS = 1000
DAY = date(2026, 11, 1)
PLACES = (
    "浙江",
    "温州市",
    "深圳前海",
    "上海",
    "重庆两江",
    "陕西",
    "广州市",
    "成都",
    "海南",
    "沈阳",
)
TRADES = "安邦诚达鼎丰恒华嘉金聚康隆茂宁鹏瑞盛泰通旺祥信兴雅益永裕源泽正中卓"
LINES = (
    ("私募基金管理", "私募基金管理人"),
    ("小额贷款", "小额贷款公司"),
    ("融资担保", "融资担保公司"),
    ("典当", "典当行"),
    ("保险代理", "保险代理机构"),
    ("商业保理", "商业保理公司"),
)
FORMS = ("有限公司", "有限责任公司", "股份有限公司")
HEADER = ("机构名称", "统一社会信用代码", "曾用名", "品牌", "所在地", "许可类型", "许可证编号")
HEADER += ("发证机关", "业务范围", "许可地域", "有效期起", "有效期止", "状态")


def institutions(count: int) -> Iterator[tuple[str, ...]]:
    chance = random.Random(11)
    for number in range(count):
        trade = "".join(chance.choices(TRADES, k=4))
        place, (line, kind) = chance.choice(PLACES), chance.choice(LINES)
        code = f"91{330000 + number % 3000:06d}{number:09d}"
        since = date(2012, 1, 1) + timedelta(days=chance.randrange(5000))
        yield (
            f"{place}{trade}{line}{chance.choice(FORMS)}",
            code + uscc.calc_check_digit(code),
            f"{place}{trade[::-1]}{line}有限公司" if number % 20 == 0 else "",
            f"{trade}宝" if number % 10 == 0 else "",
            f"浙江省温州市鹿城区{trade}路{number % 900}号",
            kind,
            f"编{number:09d}",
            "",
            f"{line}；{line}咨询",
            "全国",
            since.isoformat(),
            (since + timedelta(days=3650)).strftime("%Y/%m/%d"),
            chance.choice(("正常", "正常", "正常", "注销")),
        )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else INSTITUTIONS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerow(HEADER)
            csv.writer(file).writerows(institutions(count))
        register = open_register(Path(folder) / "register.db", create=True)
        for turn in ("first", "second"):
            began, busy = time.perf_counter(), time.process_time()
            order = Order(DAY, complete=turn == "second")  # so that the same file goes in once more
            done = import_list(path, register, order)
            seconds, used = time.perf_counter() - began, time.process_time() - busy
            print(
                f"{turn} import: {done.rows:,} rows in {seconds:.1f} s ({used:.1f} s of one core),"
            )
            print(f"  {done.outcome.permits:,} new permits, {done.left_out} rows left out")
        look_up(register, count)
        size = (Path(folder) / "register.db").stat().st_size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"register {size / 1e6:.0f} MB, peak {peak:.0f} MiB")


def look_up(register: Register, count: int) -> None:
    wanted = set(random.Random(5).sample(range(count), min(LOOKUPS, count)))
    names = [row[0] for number, row in enumerate(institutions(count)) if number in wanted]
    times = []
    gc.collect()
    gc.freeze()  # what the import left behind need not be walked
    for name in names:
        began = time.perf_counter()
        for match in register.named(name, DAY):
            register.permits(match.institution, DAY)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    print(
        f"{len(times)} look-ups: median {times[len(times) // 2]:.2f} ms,"
        f" 99 of 100 within {times[len(times) * 99 // 100]:.2f} ms, slowest {times[-1]:.2f} ms"
    )


if __name__ == "__main__":
    main()
