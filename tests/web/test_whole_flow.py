"""The whole way in a real Chromium with three roles, on SQLite and on PostgreSQL."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import delete

from adscan.web.kept.tables import SignIn
from tests.web.office import PASSWORD
from tests.web.service import Service, running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

POSTER = Path("examples/ads/01-wealth-poster.jpg").resolve()
PERMIT = Path("examples/ads/05-bank-lifestyle.png").resolve()
PATIENCE_MS = 20_000


@pytest.fixture(params=["sqlite", "postgresql"])
def service(request, tmp_path):
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with running(Service(tmp_path / "s", url), 1, 1) as served:
        yield served


class Desk:
    """One person's browser. What the console complains of fails the test."""

    def __init__(self, chromium, service: Service, login: str) -> None:
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        self.tab = context.new_page()
        self.tab.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("console", self._hear)
        self.address = service.address
        self.tab.goto(f"{service.address}/login")
        self.sign_in(login)

    def _hear(self, message) -> None:
        if message.type == "error" and "401" not in message.text and "409" not in message.text:
            self.complaints.append(message.text)

    def sign_in(self, login: str) -> None:
        main = self.tab.locator("main")
        main.get_by_label("登录名").fill(login)
        main.get_by_label("密码").fill(PASSWORD)
        main.get_by_role("button", name="登录").click()
        self.tab.wait_for_url(lambda url: not url.endswith("/login"))

    def open(self, path: str) -> None:
        self.tab.goto(self.address + path)

    def sees(self, text: str) -> None:
        self.tab.get_by_text(text).first.wait_for()

    def press(self, name: str) -> None:
        self.tab.get_by_role("button", name=name, exact=True).first.click()


def submit(desk: Desk, title: str, text: str = "", files: list[Path] | None = None) -> str:
    """Through the form; the path of the new submission."""
    desk.open("/submissions/new")
    desk.tab.get_by_label("标题").fill(title)
    desk.tab.get_by_label("广告主").fill("海州理财咨询有限公司")
    desk.tab.get_by_label("文字").fill(text)
    if files:
        desk.tab.locator("input[name=creatives]").set_input_files([str(f) for f in files])
    desk.press("送审")
    desk.tab.wait_for_url(re.compile(r"/submissions/\d+$"))
    return desk.tab.url.removeprefix(desk.address)


def reviewed(desk: Desk, path: str) -> None:
    """Wait on the page, as a person would, until the machine is done."""
    desk.open(path)
    desk.tab.locator("#bar").wait_for(timeout=120_000)
    desk.tab.wait_for_load_state("networkidle")


def judge_all(desk: Desk, verdict: str, reason: str = "") -> None:
    """Every open finding, one after the other."""
    open_ones = desk.tab.locator("[data-finding][data-verdict=open]")
    while count := open_ones.count():
        finding = open_ones.first
        if reason:
            finding.get_by_label("理由").first.fill(reason)
        finding.get_by_role("button", name=verdict, exact=True).click()
        desk.tab.wait_for_function(
            "n => document.querySelectorAll('[data-finding][data-verdict=open]').length < n",
            arg=count,
        )


def rule(desk: Desk, step: str, reason: str = "") -> None:
    desk.tab.locator("#bar").get_by_role("button", name=step, exact=True).click()
    dialog = desk.tab.locator("dialog[open]")
    if reason:
        dialog.locator("textarea[name=reason]").fill(reason)
    dialog.locator("button[type=submit]").click()
    dialog.wait_for(state="detached")


def test_a_poster_is_returned_revised_approved_and_documented(chromium, service):
    submitter = Desk(chromium, service, "sun")
    reviewer = Desk(chromium, service, "wang")
    chief = Desk(chromium, service, "zhao")

    path = submit(submitter, "理财海报", "限时认购，欢迎咨询。", [POSTER])
    reviewed(reviewer, path)
    assert reviewer.tab.locator("svg image").count() >= 1
    assert reviewer.tab.locator("[data-finding]").count() >= 3
    submitter.open(path)
    submitter.sees("待人审")
    assert submitter.tab.get_by_role("button", name="认定", exact=True).count() == 0

    judge_all(reviewer, "认定")
    rule(reviewer, "退回修改", "删去保本保息，补上风险提示。")
    reviewer.sees("退回修改")
    submitter.open(path)
    submitter.sees("删去保本保息")

    submitter.open(f"{path}/revise")
    submitter.tab.get_by_label("文字").fill("春季新品上市，全场八折，欢迎选购。")
    submitter.press("送审")
    submitter.tab.wait_for_url(re.compile(r"/submissions/\d+$"))
    reviewed(chief, path)
    chief.sees("第 2 版")
    judge_all(chief, "不认定", "不是金融广告")
    chief.open(f"{path}/changes")
    chief.sees("春季新品上市")
    chief.open(path)
    rule(chief, "通过")
    chief.sees("通过")

    chief.open(f"{path}/opinion")
    chief.tab.get_by_role("heading", name="广告预审意见书").wait_for()
    with chief.tab.expect_download() as download:
        chief.tab.evaluate(
            "path => { const a = document.createElement('a'); a.href = path; a.download = '';"
            " document.body.append(a); a.click(); }",
            f"{path}/opinion.pdf",
        )
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    for desk in (submitter, reviewer, chief):
        assert desk.complaints == []


def test_approval_against_the_machine_takes_two_and_the_second_sees_why(chromium, service):
    submitter = Desk(chromium, service, "sun")
    reviewer = Desk(chromium, service, "wang")
    chief = Desk(chromium, service, "zhao")
    path = submit(submitter, "理财海报", files=[POSTER])
    reviewed(reviewer, path)
    judge_all(reviewer, "不认定", "引用他人广告作批评")
    rule(reviewer, "通过", "整件是对他人广告的批评")
    reviewer.sees("提请复核通过")
    chief.open(path)
    chief.sees("整件是对他人广告的批评")
    chief.press("复核同意")
    chief.tab.locator(".state.approved").first.wait_for()
    assert reviewer.complaints == chief.complaints == []


def test_a_reviewer_adds_what_the_machine_missed(chromium, service):
    submitter = Desk(chromium, service, "sun")
    reviewer = Desk(chromium, service, "wang")
    path = submit(submitter, "理财海报", "全场八折。", [POSTER])
    reviewed(reviewer, path)
    before = reviewer.tab.locator("[data-finding]").count()
    reviewer.tab.keyboard.press("n")
    box = reviewer.tab.locator("svg:has(image)").first.bounding_box()
    mouse = reviewer.tab.mouse
    mouse.move(box["x"] + 60, box["y"] + 60)
    mouse.down()
    mouse.move(box["x"] + 220, box["y"] + 140, steps=5)
    mouse.up()
    dialog = reviewer.tab.locator("dialog#pin[open]")
    dialog.locator("select[name=rule]").select_option("superlative")
    dialog.get_by_role("button", name="记入并认定").click()
    reviewer.tab.wait_for_function(
        "n => document.querySelectorAll('[data-finding]').length > n", arg=before
    )
    reviewer.sees("wang 提出")
    assert reviewer.complaints == []


def test_a_session_that_ended_in_mid_form_loses_nothing(chromium, service):
    submitter = Desk(chromium, service, "sun")
    submitter.open("/submissions/new")
    submitter.tab.get_by_label("标题").fill("写了很久的标题")
    submitter.tab.get_by_label("广告主").fill("海州理财咨询有限公司")
    submitter.tab.get_by_label("文字").fill("写了很久的文字。")
    submitter.tab.locator("input[name=creatives]").set_input_files(str(POSTER))
    with service.office.database.writing() as session:
        session.execute(delete(SignIn))
    submitter.press("送审")
    dialog = submitter.tab.locator("dialog[open]")
    dialog.get_by_label("登录名").fill("sun")
    dialog.get_by_label("密码").fill(PASSWORD)
    dialog.get_by_role("button", name="登录并继续").click()
    submitter.tab.wait_for_url(re.compile(r"/submissions/\d+$"))
    submitter.sees("写了很久的标题")
    with service.office.database.reading() as session:
        from adscan.web.kept.tables import Submission

        (made,) = session.query(Submission).all()
        assert made.latest.text == "写了很久的文字。"
        assert [file.name for file in made.latest.files] == [POSTER.name]


def test_of_two_reviewers_the_second_is_told_and_keeps_what_they_wrote(chromium, service):
    submitter = Desk(chromium, service, "sun")
    reviewer = Desk(chromium, service, "wang")
    chief = Desk(chromium, service, "zhao")
    path = submit(submitter, "防骗提示", "春季新品上市，全场八折，欢迎选购。")
    reviewed(reviewer, path)
    chief.open(path)
    judge_all(reviewer, "不认定", "无问题")
    chief.open(path)
    chief.tab.locator("#bar").get_by_role("button", name="不予发布", exact=True).click()
    dialog = chief.tab.locator("dialog[open]")
    dialog.locator("textarea[name=reason]").fill("我的理由写了很久")
    rule(reviewer, "通过")
    dialog.locator("button[type=submit]").click()
    chief.tab.get_by_text("别人改动了这件送审").first.wait_for()
    assert dialog.locator("textarea[name=reason]").input_value() == "我的理由写了很久"
