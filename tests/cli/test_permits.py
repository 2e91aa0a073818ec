"""`adscan permits`: import, list, show, check, export, as a user calls them."""

import csv
import json
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples" / "permits"
DAY = ("--on", "2026-11-25")


@pytest.fixture
def permits(adscan, tmp_path):
    register = tmp_path / "register.db"

    def permits(command: str, *arguments: object):
        return adscan("permits", command, *arguments, "--register", register)

    return permits


@pytest.fixture
def demo(permits):
    for name in ("payment", "private-funds", "general"):
        assert permits("import", EXAMPLES / f"invented-{name}.csv").code == 0
    return permits


@pytest.mark.parametrize("command", ["import", "list", "show", "check", "export"])
def test_every_command_has_chinese_help(adscan, command):
    shown = adscan("permits", command, "--help")
    assert shown.code == 0
    assert "用法：" in shown.out
    assert "--register" in shown.out


def test_the_group_lists_its_commands(adscan):
    assert "导入名录" in adscan("permits", "--help").out


def test_import_says_which_layout_and_day(permits):
    done = permits("import", EXAMPLES / "invented-payment.csv")
    assert "认作 pboc_payment" in done.err
    assert "2026-11-01（表头上方的日期）" in done.err
    assert "新增机构 8 家、许可 8 项" in done.out


def test_import_of_the_same_file_says_that_nothing_changed(demo):
    again = demo("import", EXAMPLES / "invented-payment.csv", "--quiet")
    assert again.code == 0
    assert "没有变化" in again.out
    assert again.err == ""


@pytest.fixture
def faulty(tmp_path):
    path = tmp_path / "典当.csv"
    rows = [f"甲{number}典当行,典当行,2024-02-30" for number in range(60)]
    path.write_text(
        "\n".join(["机构名称,许可类型,有效期起", "好典当行,典当行,2024-02-28", *rows]), "utf-8"
    )
    return path


def test_bad_rows_are_told_fifty_at_most_and_give_exit_code_3(permits, faulty, tmp_path):
    done = permits("import", faulty, "--errors", tmp_path / "errors.csv")
    assert done.code == 3
    lines = [line for line in done.err.splitlines() if "有效期起" in line]
    assert lines[0] == "adscan：典当.csv 第 3 行，有效期起：2024-02-30 这一天不存在"
    assert len(lines) == 50
    assert "还有 10 处" in done.err
    assert "60 行没有导入" in done.out
    heading, *rows = csv.reader((tmp_path / "errors.csv").read_text("utf-8-sig").splitlines())
    assert heading == ["文件", "工作表", "行", "列", "内容", "原因"]
    assert len(rows) == 60
    assert rows[0][2:5] == ["3", "有效期起", "2024-02-30"]


@pytest.mark.parametrize(
    ("text", "options", "word"),
    [
        ("甲,乙\n1,2\n", (), "找到的表头：甲、乙"),
        ("机构名称,许可类型\n甲,典当行\n", ("--profile", "none"), "没有版式 none"),
        ("机构名称,许可类型\n甲,典当行\n", ("--mapping", "none.yaml"), "none.yaml"),
        (
            "机构名称,许可类型\n甲,典当行\n",
            ("--profile", "general", "--mapping", "a"),
            "只能用一个",
        ),
        ("机构名称,许可类型\n甲,典当行\n", ("--region", "某处"), "不是省、市、县"),
        ("机构名称,许可类型\n甲,典当行\n", ("--snapshot", "2024-02-30"), "不是日期"),
        ("", (), "空文件"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_exit_code_2(permits, tmp_path, text, options, word):
    path = tmp_path / "list.csv"
    path.write_text(text, "utf-8")
    done = permits("import", path, *options)
    assert done.code == 2
    assert word in done.err
    assert done.out == ""


def test_a_list_that_cannot_be_used_leaves_no_register_behind(permits, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("甲,乙\n1,2\n", "utf-8")
    permits("import", path)
    assert list(tmp_path.glob("register.db*")) == []


def test_a_register_damaged_inside_is_exit_code_2(demo, tmp_path):
    path = tmp_path / "register.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    for arguments in (
        ("list",),
        ("show", "禾麓农商银行"),
        ("import", EXAMPLES / "invented-payment.csv"),
    ):
        told = demo(*arguments)
        assert told.code == 2
        assert "已损坏或不是数据库" in told.err


def test_no_progress_where_there_is_no_terminal(permits, tmp_path):
    path = tmp_path / "list.csv"
    rows = (f"甲{number}典当行,典当行" for number in range(2500))
    path.write_text("\n".join(["机构名称,许可类型", *rows]), "utf-8")
    done = permits("import", path)
    assert "许可 2500 项" in done.out
    assert "\r" not in done.err


def test_a_register_that_is_none_is_exit_code_2(adscan, tmp_path):
    path = tmp_path / "register.db"
    path.write_bytes(b"x" * 10_000)
    for arguments in (("list",), ("show", "甲"), ("import", EXAMPLES / "invented-payment.csv")):
        told = adscan("permits", *arguments, "--register", path)
        assert told.code == 2
        assert "已损坏或不是数据库" in told.err


def test_the_default_register_is_in_the_settings(adscan, tmp_path, monkeypatch):
    monkeypatch.setenv("ADSCAN_REGISTER_PATH", str(tmp_path / "own" / "register.db"))
    assert "没有登记册" in adscan("permits", "list").err
    assert adscan("permits", "import", EXAMPLES / "invented-payment.csv").code == 0
    assert len(adscan("permits", "list").out.splitlines()) == 8


def test_list_chooses_by_type_state_and_region(demo):
    assert len(demo("list", *DAY).out.splitlines()) == 48
    assert len(demo("list", "--type", "payment", *DAY).out.splitlines()) == 8
    suspended = demo("list", "--state", "suspended", *DAY).out
    assert "霁汀基金销售有限公司" in suspended
    assert "鹭汀" not in suspended
    wenzhou = demo("list", "--region", "浙江省温州市", *DAY).out
    assert "禾汀典当有限责任公司" in wenzhou
    assert "槿溪" not in wenzhou
    before = demo("list", "--state", "suspended", "--on", "2026-01-01").out
    assert "霁汀" not in before


def test_list_as_json_lines_and_csv(demo):
    lines = demo("list", "--type", "payment", "--format", "jsonl", *DAY).out.splitlines()
    assert {json.loads(line)["standing"] for line in lines} == {"active", "suspended", "cancelled"}
    heading, *rows = csv.reader(
        demo("list", "--type", "payment", "--format", "csv", *DAY).out.splitlines()
    )
    assert heading[0] == "\ufeff机构名称"
    assert len(rows) == 8


def test_list_of_the_sources(demo):
    shown = demo("list", "--sources").out
    assert "2026-11-01\t中国人民银行支付业务许可证公示\t不完整\t8\t全国" in shown
    assert len(demo("list", "--sources", "--format", "jsonl").out.splitlines()) == 3


def test_list_of_an_unknown_type_names_the_types(demo):
    told = demo("list", "--type", "nothing")
    assert told.code == 2
    assert "payment（支付业务许可证）" in told.err


def test_show_tells_names_permits_branches_and_history(demo):
    shown = demo("show", "禾麓手机银行", *DAY).out
    for word in (
        "禾麓农村商业银行股份有限公司",
        "App 名称：禾麓手机银行",
        "曾用名：禾麓农村信用合作联社（至 2015-06-30）",
        "禾麓农村商业银行股份有限公司溪口支行",
        "金融许可证（银行） B9999H999000001：有效",
        "依据：自行整理的名录，2026-11-01",
        "历史",
    ):
        assert word in shown


def test_show_of_a_branch_names_its_head(demo):
    shown = json.loads(
        demo("show", "禾麓农村商业银行股份有限公司溪口支行", "--format", "json", *DAY).out
    )
    institution = shown["institution"]
    assert institution["head"]["name"] == "禾麓农村商业银行股份有限公司"
    assert len(institution["permits"]) == 3
    assert institution["permits"][0]["standing"] == "active"


def test_show_lists_several_that_may_be_meant(demo):
    shown = demo("show", "helu", *DAY)
    assert shown.code == 0
    assert len(shown.out.splitlines()) == 4
    assert "可能是以上 4 家" in shown.err
    listed = json.loads(demo("show", "helu", "--format", "json").out)
    assert (len(listed["candidates"]), listed["institution"]) == (4, None)


def test_show_of_nobody_is_exit_code_1_with_a_hint(demo):
    shown = demo("show", "沧屿财富管理有限公司")
    assert shown.code == 1
    assert "permits list --sources" in shown.err


def test_check_prints_verdict_reason_lines_and_lists(demo):
    told = demo("check", "青榆基金销售有限公司", "--activity", "fund_sales", *DAY)
    assert told.code == 0
    assert "资质覆盖所宣传的业务（covered）" in told.out
    assert "000099902" in told.out
    assert "中国人民银行支付业务许可证公示（2026-11-01）" in told.out


@pytest.mark.parametrize(
    ("name", "activity", "status", "code"),
    [
        ("皋砚预付卡服务有限公司", "payment", "expired", 1),
        ("霁汀基金销售有限公司", "fund_sales", "suspended", 1),
        ("沧屿财富管理有限公司", "fund_sales", "not_in_register", 1),
        ("沧屿财富管理有限公司", "virtual_asset", "banned", 1),
        ("沧屿财富管理有限公司", "investment_promotion", "not_required", 0),
    ],
)
def test_check_prints_the_contract_s_object(demo, name, activity, status, code):
    told = demo("check", name, "--activity", activity, "--format", "json", *DAY)
    said = json.loads(told.out)
    assert (said["status"], told.code) == (status, code)
    assert said["advertiser"] == name
    assert said["activities"][0]["id"] == activity
    assert said["activities"][0]["confidence"] == 1.0
    assert said["reason"]


def test_check_minds_the_region(demo):
    ask = ("check", "岫澜支付服务股份有限公司", "--activity", "payment", *DAY)
    assert demo(*ask).code == 0
    assert demo(*ask, "--region", "浙江省").code == 0


def test_check_without_a_register_says_so(adscan, tmp_path, monkeypatch):
    monkeypatch.setenv("ADSCAN_REGISTER_PATH", str(tmp_path / "none.db"))
    told = adscan("permits", "check", "甲公司", "--activity", "payment")
    assert told.code == 1
    assert "no_register" in told.out


def test_check_of_an_unknown_activity_names_them(demo):
    told = demo("check", "甲公司", "--activity", "nothing")
    assert told.code == 2
    assert "fund_sales（" in told.err


@pytest.mark.parametrize("format_name", ["csv", "xlsx", "jsonl"])
def test_an_export_can_be_imported(demo, adscan, tmp_path, format_name):
    path = tmp_path / f"out.{format_name}"
    assert demo("export", "--output", path, "--format", format_name, *DAY).code == 0
    other = tmp_path / "other.db"
    assert adscan("permits", "import", path, "--register", other, "--quiet").code == 0
    ask = ("permits", "list", "--format", "jsonl", *DAY, "--register")
    assert adscan(*ask, other).out == demo("list", "--format", "jsonl", *DAY).out


def test_an_export_goes_to_standard_output(demo):
    assert demo("export", *DAY).out.startswith("\ufeff机构名称,")
