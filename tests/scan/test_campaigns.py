import json
import random
from datetime import date

import pytest

from adscan.scan.campaigns import find_campaigns
from adscan.scan.results import open_tables
from tests.scan.folders import write_ads

PROMISE = (
    "澄湖理财第三期现已开放认购，保本保息，年化收益百分之十八，名额有限，先到先得。"
    "本项目由专业团队管理，资金用于城市建设，按月付息，到期还本，从无逾期。"
    "认购满十万元另赠礼品一份，详情请扫描下方二维码添加客服，客服随时在线解答各位的疑问。"
)
STALL = (
    "青榆食品招商加盟，投资三万元三个月回本，零风险，总部统一配送，手把手教学，稳赚不赔。"
    "已有两百家门店开业，日均营业额过万元，一人即可经营，总部负责选址装修和宣传。"
    "现在报名免加盟费，限前五十名，报名电话请见海报下方，也可到总部参观考察。"
)


def numbered(text, times):
    """Variants with another number each: near-duplicates of one another."""
    return [text.replace("三", str(number)) for number in range(times)]


def random_text(seed, length=200):
    rng = random.Random(seed)
    return "".join(chr(0x4E00 + rng.randrange(5000)) for _ in range(length))


def members(folder):
    """The reading ids of each campaign."""
    with open_tables(folder) as tables:
        rows = tables.execute(
            "SELECT campaign_id, list(reading_id ORDER BY reading_id) FROM members GROUP BY 1"
        ).fetchall()
    return dict(rows)


def groups(folder):
    return sorted(members(folder).values())


def campaigns(folder):
    with open_tables(folder) as tables:
        result = tables.execute("SELECT * FROM campaigns ORDER BY campaign_id")
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def bits(number):
    return f"{number:016x}"


@pytest.fixture
def group(tmp_path):
    """The groups of some ads, by their ids."""

    def run(*ads):
        write_ads(tmp_path, ads)
        find_campaigns(tmp_path, run=1)
        return groups(tmp_path)

    return run


def test_variants_of_a_text_are_one_campaign_and_other_texts_are_not(group):
    one = [{"id": f"a{n}", "text": text} for n, text in enumerate(numbered(PROMISE, 3))]
    two = [{"id": f"b{n}", "text": text} for n, text in enumerate(numbered(STALL, 2))]
    assert group(*one, *two) == [["a0", "a1", "a2"], ["b0", "b1"]]


@pytest.mark.parametrize("decision", ["pass", "error"])
def test_an_ad_without_findings_belongs_to_no_campaign(group, decision):
    bad, other = numbered(PROMISE, 2)
    clean = {"id": "b", "text": other, "decision": decision, "severity": None, "rules": []}
    assert group({"id": "a", "text": bad}, clean) == [["a"]]


def test_a_folder_without_findings_has_empty_tables(group, tmp_path):
    assert group({"id": "a", "decision": "pass", "severity": None, "rules": []}) == []
    assert campaigns(tmp_path) == []


def test_a_folder_without_ads_has_empty_tables(group, tmp_path):
    assert group() == []
    assert (tmp_path / "campaigns.parquet").is_file()


def test_short_texts_without_a_picture_are_one_campaign_for_each_content(group):
    assert group(
        {"id": "a", "text": "稳赚不赔"},
        {"id": "b", "text": "稳赚不赔！"},
        {"id": "c", "text": "稳赚不赔", "reading_id": "a"},
    ) == [["a"], ["b"]]


def test_posters_with_half_the_text_in_common_are_one_ad_if_the_pictures_are_alike(group):
    half = PROMISE[: len(PROMISE) * 9 // 10] + random_text(1, 30)
    ads = {"id": "a", "text": PROMISE}, {"id": "b", "text": half}
    assert group(*ads) == [["a"], ["b"]]
    assert group({**ads[0], "phash": bits(0)}, {**ads[1], "phash": bits(0b111111)}) == [["a", "b"]]
    far = bits(0b1111111)
    assert group({**ads[0], "phash": bits(0)}, {**ads[1], "phash": far}) == [["a"], ["b"]]


def test_posters_of_one_template_with_other_words_are_two_ads(group):
    ads = {"id": "a", "text": PROMISE, "phash": bits(5)}, {"id": "b", "text": STALL}
    assert group(ads[0], {**ads[1], "phash": bits(5)}) == [["a"], ["b"]]


def test_pictures_with_too_little_text_are_compared_by_their_hashes_alone(group):
    ads = [{"id": id, "text": "稳赚", "phash": bits(h)} for id, h in (("a", 0), ("b", 15))]
    assert group(*ads) == [["a", "b"]]
    assert group(ads[0], {**ads[1], "phash": bits(31)}) == [["a"], ["b"]]


def test_a_chain_of_small_changes_does_not_join_what_is_unlike(group):
    letters = list(random_text(0, 300))
    rng = random.Random(1)
    ads = []
    for step in range(60):
        ads.append({"id": f"{step:02}", "text": "".join(letters)})
        at = step * 5
        letters[at : at + 5] = [chr(0x4E00 + rng.randrange(5000)) for _ in range(5)]
    found = group(*ads)
    assert len(found) > 1
    assert max(map(len, found)) > 5
    for ids in found:
        assert int(ids[-1]) - int(ids[0]) < 45, "ads a whole text apart are one campaign"


def test_a_chain_of_pictures_does_not_join_what_is_unlike(group):
    ads = [{"id": f"{n:02}", "phash": bits((1 << (n * 3)) - 1)} for n in range(20)]
    found = group(*ads)
    assert all(int(ids[-1]) - int(ids[0]) <= 4 for ids in found)
    assert max(map(len, found)) >= 3


def test_neither_order_nor_files_matter(tmp_path):
    texts = numbered(PROMISE, 12) + numbered(STALL, 12) + [random_text(n) for n in range(12)]
    ads = [{"id": f"{n * 7 % 36:02}", "text": text} for n, text in enumerate(texts)]
    found = []
    for seed in range(3):
        random.Random(seed).shuffle(ads)
        folder = tmp_path / str(seed)
        write_ads(folder, ads, per_file=5 + seed * 20)
        find_campaigns(folder, run=1)
        found.append(((folder / "members.parquet").read_bytes(), campaigns(folder)))
    assert found[0] == found[1] == found[2]


def test_an_id_stays_as_the_campaign_grows_and_a_new_campaign_is_of_this_run(tmp_path):
    ads = [{"id": f"m{n}", "text": text} for n, text in enumerate(numbered(PROMISE, 4))]
    write_ads(tmp_path, ads[2:])
    assert find_campaigns(tmp_path, run=1) == 1
    (before,) = members(tmp_path)
    first = {**ads[0], "id": "a"}
    write_ads(tmp_path, [first, *ads[1:], {"id": "z", "text": STALL}])
    assert find_campaigns(tmp_path, run=2) == 2
    after = members(tmp_path)
    assert after.pop(before) == ["a", "m1", "m2", "m3"]
    assert {row["campaign_id"]: row["first_run"] for row in campaigns(tmp_path)} == {
        before: 1,
        next(iter(after)): 2,
    }


def test_where_campaigns_merge_the_id_of_the_earlier_run_stays(tmp_path):
    one, other = random_text(6, 300), random_text(106, 300)
    bridge, far = other[:30] + one[30:], other[:60] + one[60:]
    write_ads(tmp_path, [{"id": "z", "text": one}])
    find_campaigns(tmp_path, run=1)
    (eldest,) = members(tmp_path)
    write_ads(tmp_path, [{"id": "z", "text": one}, {"id": "a", "text": far}])
    assert find_campaigns(tmp_path, run=2) == 2
    ads = [{"id": "z", "text": one}, {"id": "a", "text": far}, {"id": "b", "text": bridge}]
    write_ads(tmp_path, ads)
    assert find_campaigns(tmp_path, run=3) == 1
    assert members(tmp_path) == {eldest: ["a", "b", "z"]}
    assert campaigns(tmp_path)[0]["first_run"] == 1


def test_an_ad_that_is_cleared_leaves_and_the_ids_of_the_others_stay(tmp_path):
    ads = [{"id": f"m{n}", "text": text} for n, text in enumerate(numbered(PROMISE, 3))]
    write_ads(tmp_path, [*ads, {"id": "s", "text": STALL}])
    find_campaigns(tmp_path, run=1)
    before = members(tmp_path)
    cleared = {**ads[0], "decision": "pass", "severity": None, "rules": []}
    write_ads(tmp_path, [cleared, *ads[1:], {"id": "s", "text": STALL}])
    find_campaigns(tmp_path, run=2)
    assert members(tmp_path) == {
        name: [id for id in ids if id != "m0"] for name, ids in before.items()
    }


def test_an_id_is_not_given_twice_when_an_ad_comes_back_alone(tmp_path):
    first, second = {"id": "a", "text": PROMISE}, {"id": "b", "text": numbered(PROMISE, 1)[0]}
    write_ads(tmp_path, [first, second])
    find_campaigns(tmp_path, run=1)
    (before,) = members(tmp_path)
    write_ads(tmp_path, [second])
    find_campaigns(tmp_path, run=2)
    write_ads(tmp_path, [{**first, "text": STALL}, second])
    assert find_campaigns(tmp_path, run=3) == 2
    assert members(tmp_path)[before] == ["b"]


def test_a_second_call_changes_nothing(tmp_path):
    write_ads(tmp_path, [{"id": f"{n}", "text": t} for n, t in enumerate(numbered(STALL, 5))])
    find_campaigns(tmp_path, run=1)
    before = [(tmp_path / name).read_bytes() for name in ("campaigns.parquet", "members.parquet")]
    find_campaigns(tmp_path, run=2)
    after = [(tmp_path / name).read_bytes() for name in ("campaigns.parquet", "members.parquet")]
    assert before == after
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "campaigns.parquet",
        "members.parquet",
    ]


def test_a_run_cut_off_between_the_two_files_ends_as_if_it_had_not_been(tmp_path):
    write_ads(tmp_path, [{"id": "a", "text": PROMISE}])
    find_campaigns(tmp_path, run=1)
    old = (tmp_path / "members.parquet").read_bytes()
    write_ads(tmp_path, [{"id": "a", "text": PROMISE}, {"id": "b", "text": STALL}])
    find_campaigns(tmp_path, run=2)
    whole = (campaigns(tmp_path), members(tmp_path))
    (tmp_path / "members.parquet").write_bytes(old)
    find_campaigns(tmp_path, run=2)
    assert (campaigns(tmp_path), members(tmp_path)) == whole


def test_a_reading_that_got_no_signature_when_it_was_read_gets_one_now(group):
    one, other = numbered(PROMISE, 2)
    ads = {"id": "a", "text": one, "signed": False}, {"id": "b", "text": other}
    assert group(*ads) == [["a", "b"]]


def test_a_campaign_tells_its_size_media_advertisers_and_days(tmp_path):
    texts = numbered(PROMISE, 2)
    common = {"text": texts[0], "reading_id": "a", "medium": "短视频", "advertiser": "澄湖公司"}
    ads = [
        {"id": "a", **common, "published": date(2026, 10, 2)},
        {"id": "b", **common, "published": date(2026, 11, 25), "published_given": False},
        {"id": "c", "text": texts[1], "permit_advertiser": "安渡公司", "medium": "户外"},
        {"id": "d", **common, "decision": "pass", "rules": [], "published": date(2020, 1, 1)},
    ]
    write_ads(tmp_path, ads)
    find_campaigns(tmp_path, run=4)
    (row,) = campaigns(tmp_path)
    assert json.loads(json.dumps(row, default=str, ensure_ascii=False)) == {
        "campaign_id": row["campaign_id"],
        "ads": 3,
        "variants": 2,
        "advertisers": ["澄湖公司", "安渡公司"],
        "media": ["短视频", "户外"],
        "first_day": "2026-10-02",
        "last_day": "2026-11-03",
        "first_run": 4,
        "decision": "reject",
        "severity": "high",
        "rules": ["guaranteed-return"],
        "best_ad": "a",
    }


def test_days_that_nobody_gave_are_no_days(tmp_path):
    write_ads(tmp_path, [{"id": "a", "text": PROMISE, "published_given": False}])
    find_campaigns(tmp_path, run=1)
    assert campaigns(tmp_path)[0]["first_day"] is None


def test_the_rules_of_a_campaign_are_those_of_all_its_ads_gravest_first(tmp_path):
    texts = numbered(PROMISE, 3)
    rules = ["high", "low"], ["high", "middle", "low"], ["other", "low"]
    write_ads(
        tmp_path,
        [{"id": str(n), "text": texts[n], "rules": rules[n]} for n in range(3)],
    )
    find_campaigns(tmp_path, run=1)
    assert campaigns(tmp_path)[0]["rules"] == ["high", "other", "low", "middle"]


@pytest.mark.parametrize(
    ("weaker", "better"),
    [
        ({"decision": "revise"}, {"decision": "reject"}),
        ({"decision": "review", "severity": "high"}, {"decision": "revise", "severity": "low"}),
        ({"severity": "medium", "rules": ["a", "b"]}, {"severity": "high"}),
        ({"severity": None}, {"severity": "low"}),
        ({"preview": b"jpeg"}, {"rules": ["a", "b"]}),
        ({}, {"preview": b"jpeg"}),
    ],
    ids=["decision", "decision first", "severity", "no severity", "findings", "preview"],
)
def test_the_best_ad_is_the_gravest_and_clearest(tmp_path, weaker, better):
    one, other = numbered(PROMISE, 2)
    write_ads(tmp_path, [{"id": "a", "text": one, **weaker}, {"id": "b", "text": other, **better}])
    find_campaigns(tmp_path, run=1)
    (row,) = campaigns(tmp_path)
    assert row["best_ad"] == "b"
    assert row["decision"] == better.get("decision", "reject")


def test_among_equals_the_best_ad_is_that_with_the_smallest_id(tmp_path):
    texts = numbered(PROMISE, 3)
    write_ads(tmp_path, [{"id": id, "text": text} for id, text in zip("cab", texts, strict=True)])
    find_campaigns(tmp_path, run=1)
    assert campaigns(tmp_path)[0]["best_ad"] == "a"
