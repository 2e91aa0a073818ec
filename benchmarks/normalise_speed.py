"""Posts of 500 characters a second through the whole normalising chain, on one core.

    python benchmarks/normalise_speed.py

Plain posts are the usual case; every tenth is written in disguise. The terms are the rulebook's.
"""

from __future__ import annotations

import random
import resource
import time

from normalise_false_readings import rulebook_terms

from adscan.normalise.chain import Normaliser
from adscan.records.part import Part, PartKind

SENTENCES = (
    "本行推出新一期理财产品，募集期为七天，起购金额为1万元。",
    "投资有风险，入市需谨慎，过往业绩不代表未来表现。",
    "小区门口新开了一家面馆，牛肉给得很足，老板说这周都打八折！",
    "客服热线400-820-8888，或登录www.example.com查询各网点营业时间。",
    "今天A股三大指数集体收涨，沪指涨0.85%，成交额突破9000亿元；",
    "孩子的作业写到九点半，爸爸在旁边看手机，妈妈在厨房收拾碗筷。",
    "周末去爬山吧？天气预报说晴转多云，记得带水和帽子～",
    "该基金近一年收益率为3.2%，业绩比较基准为沪深300指数收益率×80%。",
)
DISGUISED = ("保*本保*息", "宝本高息", "亻呆本理财", "wen赚不赔", "零 风 险", "年化１２％穩賺")


def posts(count: int, size: int) -> list[str]:
    chance = random.Random(7)
    made = []
    for number in range(count):
        text = "".join(chance.choices(SENTENCES, k=size // 20))[:size]
        made.append(chance.choice(DISGUISED) + text[10:] if number % 10 == 0 else text)
    return made


def main() -> None:
    began = time.perf_counter()
    normaliser = Normaliser(rulebook_terms())
    normaliser.normalise(Part("text", PartKind.TEXT, "保本"))
    print(f"ready after {time.perf_counter() - began:.2f} s")
    parts = [Part("text", PartKind.TEXT, text) for text in posts(5000, 500)]
    best = 0.0
    for _ in range(3):
        began = time.process_time()
        readings = sum(len(normaliser.normalise(part).readings) for part in parts)
        best = max(best, len(parts) / (time.process_time() - began))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{best:.0f} posts of 500 characters a second, {readings} readings, peak {peak:.0f} MiB")


if __name__ == "__main__":
    main()
