"""The public registers' layouts are told by their headers and read into the right types and states."""

import csv
from datetime import date
from pathlib import Path

import pytest

from adscan.errors import ListError
from adscan.permits.lists.profile import find_layouts, load_profiles, read_profile, recognise
from adscan.permits.lists.row_reader import RowReader
from adscan.permits.lists.tables import open_list
from adscan.permits.lists.values import check_digit
from adscan.permits.permit_type import load_permit_types
from adscan.records.permit import NameKind, PermitState

CODE = "91000000000000001"
CODE += check_digit(CODE)

# Of each layout: a list as its register prints it, the expected fields of its rows.
LISTS = {
    "nfra_licence": (
        "序号,机构编码,机构名称,机构地址,批准成立日期,发证日期,状态",
        [
            ("1,B9999H999000001,禾麓银行股份有限公司,浙江省温州市,2005-07-01,2023-01-01,正常", {"type": "bank", "place": "3303", "valid_from": date(2005, 7, 1)}),
            ("2,B9999S999000002,禾麓银行股份有限公司温州分行,浙江省温州市,2006-07-01,,正常", {"type": "bank", "head": "禾麓银行股份有限公司"}),
            ("3,K9999H999000003,砚屿信托有限责任公司,陕西省,2009-09-01,,正常", {"type": "trust_company"}),
            ("4,X9999H999000004,檐溪消费金融有限公司,重庆市,2016-11-02,,正常", {"type": "consumer_finance"}),
            ("5,N9999H999000005,鹭禾汽车金融有限公司,上海市,2012-05-14,,正常", {"type": "auto_finance"}),
            ("6,Z9999H999000006,禾麓理财有限责任公司,浙江省,2021-06-25,,正常", {"type": "wealth_company"}),
            ("7,M9999H999000007,榆汀金融租赁股份有限公司,天津市,2014-03-03,,失控", {"type": "finance_leasing", "state": PermitState.ACTIVE}),
            ("8,L9999H999000008,岫禾集团财务有限公司,北京市,2010-01-01,,正常", {"type": ""}),
            ("9,S9999H999000009,某某社,安徽省,2010-01-01,,退出", {"type": "bank", "state": PermitState.CANCELLED}),
        ],
    ),
    "pboc_payment": (
        "许可证编号,公司名称,法定代表人（负责人）,住所（主要经营场所）,业务类型,业务覆盖范围,首次许可日期,换证日期,有效期至,备注",
        [
            ("Z2999000000001,栖砚支付有限公司,某,上海市,储值账户运营Ⅰ类（原互联网支付、移动电话支付）；支付交易处理Ⅰ类,全国,2011年8月29日,2021年8月29日,2031年8月28日,", {"type": "payment", "scope": ("储值账户运营Ⅰ类（原互联网支付、移动电话支付）", "支付交易处理Ⅰ类"), "region": "全国", "valid_from": date(2011, 8, 29), "valid_to": date(2031, 8, 28), "state": PermitState.ACTIVE}),
            ("Z2999000000002,莳渚支付有限公司,某,北京市,预付卡发行与受理,北京市,,2017-06-27,2022-06-26,2022年6月26日中止续展审查", {"state": PermitState.SUSPENDED, "state_since": date(2022, 6, 26), "valid_from": date(2017, 6, 27)}),
            ("Z2999000000003,皋砚支付有限公司,某,山东省,预付卡发行与受理,山东省,,2017-06-27,2022-06-26,2022年6月26日中止续展审查，2023年5月12日注销", {"state": PermitState.CANCELLED, "state_since": date(2023, 5, 12)}),
        ],
    ),
    "csrc_directory": (
        "序号,机构名称,机构类型,业务范围,注册地,办公地址",
        [
            ("1,澄岚证券股份有限公司,证券公司,证券经纪；证券投资咨询,湖南省长沙市,某路", {"type": "securities_company", "scope": ("证券经纪", "证券投资咨询")}),
            ("2,澜砚基金管理有限公司,基金管理公司,基金募集,上海市,某路", {"type": "public_fund_manager"}),
            ("3,槿溪期货有限公司,期货公司,商品期货经纪,辽宁省大连市,某路", {"type": "futures_company"}),
            ("4,青榆基金销售有限公司,基金销售机构,基金销售,浙江省,某路", {"type": "fund_sales"}),
            ("5,漪砚投资咨询有限公司,证券投资咨询机构,证券投资咨询,四川省,某路", {"type": "securities_advisory"}),
        ],
    ),
    "csrc_fund_sales": (
        "序号,基金销售机构名称,机构类型,批准日期,注册地",
        [("1,澄岚证券股份有限公司,证券公司,2005-01-01,湖南省", {"type": "fund_sales"})],
    ),
    "amac_private_fund": (
        "管理人名称,登记编号,组织机构代码/统一社会信用代码,登记时间,机构类型,注册地,办公地,会员,诚信信息,注销",
        [
            (f"檐霁私募基金管理有限公司,P9900001,{CODE},2014-04-22,私募证券投资基金管理人,上海市,上海市,观察会员,,否", {"type": "private_fund_manager", "credit_code": CODE, "number": "P9900001", "state": PermitState.ACTIVE, "place": "31"}),
            ("霁禾资产管理有限公司,P9900002,12345678-9,2015-03-11,私募证券投资基金管理人,江苏省,江苏省,,,2023-09-28", {"credit_code": None, "state": PermitState.CANCELLED, "state_since": date(2023, 9, 28)}),
        ],
    ),
    "local_finance": (
        "序号,企业名称,统一社会信用代码,注册地,许可证编号,有效期,业务范围",
        [
            (f"1,苒溪小额贷款股份有限公司,{CODE},浙江省温州市,浙金准1号,长期,办理各项小额贷款", {"type": "microloan", "region": "浙江省", "place": "3303"}),
            ("2,鹭砚融资担保有限公司,,浙江省,浙99990001,2022-05-01至2027-04-30,借款类担保", {"type": "financing_guarantee", "valid_from": date(2022, 5, 1), "valid_to": date(2027, 4, 30)}),
            ("3,砚禾小额贷款有限公司,,浙江省,浙金准2号,长期,网络小额贷款", {"type": "online_microloan"}),
            ("4,禾汀典当有限责任公司,,浙江省,1,长期,典当", {"type": "pawn"}),
            ("5,澄汀股权交易中心股份有限公司,,浙江省,1,长期,", {"type": "equity_market"}),
        ],
    ),
    "iac_insurance": (
        "机构名称,机构类型,许可证号,业务范围,互联网保险",
        [
            ("岫禾人寿保险股份有限公司,人身保险公司,999001,人寿保险,是", {"type": "insurance_company", "scope": ("人寿保险", "互联网保险业务")}),
            ("莳溪保险代理有限公司,,269990000000001,代理销售保险产品,否", {"type": "insurance_agency", "scope": ("代理销售保险产品",)}),
            ("皋汀保险经纪有限公司,保险经纪公司,269990000000002,保险经纪,", {"type": "insurance_broker"}),
            ("蓼砚保险公估有限公司,,269990000000003,公估,", {"type": "insurance_adjuster"}),
        ],
    ),
    "general": (
        "机构名称,许可类型,法人机构,曾用名,品牌,App名称,公众号/账号,状态,状态日期",
        [
            ("某分行,银行,某银行,旧行（至2020-01-01）；更旧的行,某宝,某App,某号,暂停,2026-01-01", {"type": "bank", "head": "某银行", "former": ("旧行", "更旧的行"), "last_days": {"旧行": date(2020, 1, 1)}, "other_names": ((NameKind.BRAND, "某宝"), (NameKind.APP, "某App"), (NameKind.ACCOUNT, "某号")), "state": PermitState.SUSPENDED, "state_since": date(2026, 1, 1)}),
            ("某公司,payment,,,,,,已过期,", {"type": "payment", "state": PermitState.CANCELLED}),
            ("只有品牌的公司,,,,某牌,,,,", {"type": ""}),
        ],
    ),
}  # fmt: skip


@pytest.fixture
def written(tmp_path):
    def written(*lines):
        path = tmp_path / "list.csv"
        path.write_text("\n".join(lines), "utf-8")
        return path

    return written


def test_every_profile_has_a_list_here():
    assert set(LISTS) == set(load_profiles())


@pytest.mark.parametrize("profile_id", LISTS)
def test_a_list_is_recognised_and_read(profile_id, written):
    header, rows = LISTS[profile_id]
    with open_list(written("某某名录", header, *(row for row, _ in rows))) as file:
        profile = recognise(file)
        assert profile.id == profile_id
        (layout,) = find_layouts(file, profile)
        reader = RowReader(layout, profile, "33" if profile.regional else "")
        found = [row for row in layout.table.rows() if row.number > layout.header.number]
        for row, (_, expected) in zip(found, rows, strict=True):
            entry = reader.read(row)
            assert entry is not None, reader.faults
            assert {key: getattr(entry, key) for key in expected} == expected


@pytest.mark.parametrize("profile_id", LISTS)
def test_a_profile_writes_no_header_twice_and_uses_known_types(profile_id):
    profile = load_profiles()[profile_id]
    headers = [header for group in profile.columns.values() for header in group]
    assert len(headers) == len(set(headers))
    assert set(profile.types.values()) <= set(load_permit_types())
    for sign in profile.signs:
        assert sign <= profile.known


def test_unknown_headers_are_listed_with_the_profiles_and_the_way_out(written):
    path = written("甲,乙,丙", "1,2,3")
    with open_list(path) as file, pytest.raises(ListError) as told:
        recognise(file)
    for word in ("甲、乙、丙", "pboc_payment", "--mapping", "general.yaml"):
        assert word in str(told.value)


def test_headers_of_two_layouts_are_not_guessed(written):
    both = {
        "机构名称",
        "许可证编号",
        "业务类型",
        "业务覆盖范围",
        "注册地",
        "机构类型",
        "业务范围",
        "许可类型",
        "登记编号",
    }
    path = written(",".join(sorted(both)))
    with open_list(path) as file:
        try:
            chosen = recognise(file).id
        except ListError as error:
            assert "--profile" in str(error)
        else:
            assert chosen in load_profiles()


def test_a_tie_is_told(written):
    with (
        open_list(
            written(
                "公司名称,许可证编号,支付业务类型,业务覆盖范围,管理人名称,登记编号,登记时间,注册地",
                "",
            )
        ) as file,
        pytest.raises(ListError, match="可能是这几种版式：amac_private_fund、pboc_payment"),
    ):
        recognise(file)


def test_a_mapping_reads_any_other_layout(written, tmp_path):
    mapping = tmp_path / "own.yaml"
    mapping.write_text(
        "source: 自己的名录\ncolumns:\n  name: [商号全名]\n  state: [情况]\n"
        "default_type: pawn\nstates: {好: active, 坏: revoked}\n",
        "utf-8",
    )
    profile = read_profile(mapping)
    with open_list(written("商号全名,情况", "禾汀典当有限公司,坏")) as file:
        (layout,) = find_layouts(file, profile)
        entry = RowReader(layout, profile).read(list(layout.table.rows())[1])
    assert (entry.type, entry.state) == ("pawn", PermitState.REVOKED)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("source: 甲\ncolumns: {name: [乙]}\ntypo: 1\n", "typo"),
        ("source: 甲\ncolumns: {wrong: [乙]}\n", "wrong"),
        ("source: 甲\ncolumns: {number: [乙]}\n", "columns.name"),
        ("source: 甲\ncolumns: {name: [乙]}\ndefault_type: nobody\n", "nobody"),
        (
            "source: 甲\ncolumns: {name: [乙]}\ntype_rules: [{field: name, pattern: '(', type: bank}]\n",
            "pattern",
        ),
        ("- 1\n", "版式文件"),
        ("a: [", "读不出"),
    ],
)
def test_a_wrong_mapping_names_the_key(tmp_path, text, word):
    path = tmp_path / "own.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ListError, match=word):
        read_profile(path)


def test_the_demo_lists_are_plainly_invented():
    for path in sorted((Path(__file__).parents[2] / "examples/permits").glob("*.csv")):
        assert path.name.startswith("invented-")
        title, header, *rows = csv.reader(path.read_text("utf-8-sig").splitlines())
        assert "虚构" in title[0]
        assert all(row[header.index("说明")] == "虚构" for row in rows)
