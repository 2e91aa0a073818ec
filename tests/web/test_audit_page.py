"""The page of the audit log: read by filter, and by nobody changed."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import adscan.web
from adscan.web.audit.log import record
from adscan.web.audit.words import ACTIONS
from adscan.web.kept.states import Step, Verdict
from tests.web.office import Office


def numbers(office: Office, query: str = "", login: str = "audit") -> list[int]:
    page = office.browser(login).get(f"/audit?{query}")
    assert page.status_code == 200
    return [int(one) for one in re.findall(r'data-label="序号"[^>]*>(\d+)<', page.text)]


def note(office: Office, actor: str, action: str, subject: str, **detail) -> None:
    with office.database.writing() as session:
        record(session, actor, action, subject, **detail)


def recorded_actions() -> set[str]:
    """Every action that the code records, as it stands in the source."""
    found = set()
    for path in Path(adscan.web.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record":
                if len(node.args) < 3:
                    continue
                action = node.args[2]
                if isinstance(action, ast.Constant):
                    found.add(action.value)
                elif isinstance(action, ast.JoinedStr):
                    found.add(ast.unparse(action)[2:-1])
                else:
                    found.add(ast.unparse(action))
    return found


def test_every_recorded_action_has_its_chinese_name():
    found = recorded_actions()
    assert "sign_in" in found
    made = {
        "submission.{step.value}": {f"submission.{step.value}" for step in Step},
        "finding.{verdict.value}": {f"finding.{verdict.value}" for verdict in Verdict},
    }
    for pattern, names in made.items():
        if pattern in found:
            found = (found - {pattern}) | names
    assert found <= set(ACTIONS), found - set(ACTIONS)


def test_newest_first_by_pages_without_gap_or_repeat(either_office: Office):
    for number in range(120):
        note(either_office, "wang", "comment.added", f"submission:{number}")
    browser, path, seen = either_office.browser("audit"), "/audit?actor=wang", []
    while path:
        page = browser.get(path).text
        note(either_office, "wang", "comment.added", "submission:1")  # the log grows meanwhile
        seen += [int(one) for one in re.findall(r'data-label="序号"[^>]*>(\d+)<', page)]
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == 120
    assert seen == list(range(seen[0], seen[0] - 120, -1))


def test_filters_narrow_the_log(either_office: Office):
    first = max(numbers(either_office)) + 1
    note(either_office, "wang", "finding.dismissed", "submission:7", reason="引用监管警示")
    note(either_office, "zhao", "submission.approve", "submission:77")
    assert numbers(either_office, "actor=wang") == [first]
    assert numbers(either_office, "actor=WANG&action=finding.dismissed") == [first]
    assert numbers(either_office, "action=submission.approve") == [first + 1]
    for subject in ("submission:7", "2026-000007", "送审件 7", "送审件 2026-000007"):
        assert numbers(either_office, f"subject={subject}") == [first]
    assert set(numbers(either_office, "subject=submission:")) == {first, first + 1}
    assert set(numbers(either_office, "subject=送审件")) == {first, first + 1}
    assert numbers(either_office, "since=2999-01-01") == []
    assert numbers(either_office, "until=2020-01-01") == []
    assert numbers(either_office, "since=2020-01-01&until=2999-12-31&actor=zhao") == [first + 1]
    assert numbers(either_office, "since=nonsense&until=9999-12-31&actor=zhao") == [first + 1]
    assert "没有符合条件的记录" in either_office.browser("audit").get("/audit?actor=nobody").text


@pytest.mark.parametrize("query", ["before=0", "before=x", f"before={2**63}"])
def test_a_place_that_is_none_is_told(office: Office, query: str):
    assert office.browser("audit").get(f"/audit?{query}").status_code == 422


def test_details_are_in_chinese_words(office: Office):
    page = office.browser("admin").get("/audit").text
    assert "添加人员" in page
    assert "<dt>角色</dt><dd>送审员</dd>" in page
    assert "person.added" not in page.replace('value="person.added"', "")


def test_the_newest_seal_is_shown_with_what_to_do(office: Office):
    page = office.browser("audit").get("/audit").text
    found = re.search(r"adscan audit verify --head (\d+):([0-9a-f]{64})", page)
    assert found
    assert int(found[1]) == numbers(office)[0] - 1
    assert "抄存到系统以外" in page


def test_the_admin_sees_who_did_what_but_no_contents(office: Office):
    note(
        office, "wang", "finding.dismissed", "submission:7", reason="引用了保本保息四个字",
        document={"text": "零风险"}, version=3,
    )  # fmt: skip
    auditor, admin = office.browser("audit"), office.browser("admin")
    assert "引用了保本保息四个字" in auditor.get("/audit").text
    page = admin.get("/audit").text
    assert "不认定问题" in page
    assert "<dt>版本</dt><dd>3</dd>" in page
    assert "引用了保本保息四个字" not in page
    assert "零风险" not in page
    assert 'href="/submissions/7"' not in page


def test_what_was_recorded_cannot_act_on_the_page(office: Office):
    note(
        office,
        "<b>x</b>",
        "<i>new</i>",
        "<u>y</u>",
        why="<script>alert(1)</script>\u202e",
        nested={"<p>": ["<q>"]},
    )
    page = office.browser("audit").get("/audit").text
    for tag in ("<script>alert", "<b>x", "<i>new", "<u>y", "<q>", "\u202e"):
        assert tag not in page


def test_there_is_nothing_to_press_but_the_filter(office: Office):
    page = office.browser("audit").get("/audit").text
    main = page.partition("<main")[2].partition("</main>")[0]
    assert re.findall(r"<form[^>]*method=\"(\w+)\"", main) == ["get"]
    assert "hx-post" not in main
