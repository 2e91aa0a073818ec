"""Every main page in a real Chromium, on a desk and on a phone: readable by everyone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from adscan.web.kept.states import Step, Verdict
from adscan.web.kept.tables import Submission
from adscan.web.people.access import take_submission
from adscan.web.submitting.submissions import Content, Intake, revise
from tests.web.decided import CLEAN, decide, judge
from tests.web.office import PASSWORD, Office
from tests.web.pictured import pictured
from tests.web.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE_MS = 15_000
SCREENS = {"desk": (1440, 900), "phone": (390, 844)}
GRAVE = ("serious", "critical")
PROMISE = "专家推荐，名额有限。\n本产品保本保息，零风险。"


@dataclass
class Seeded:
    """A running service with one of each, and the addresses to look at, by person."""

    service: Service
    pages: dict[str, list[str]]
    case: int  # a picture that waits for the reviewer
    long: int  # words with more findings than fit on the screen


@dataclass
class Look:
    """What one person's browser has seen and complained of."""

    page: Any
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        answer = self.page.goto(path)
        refused = answer.status >= 400  # then the console tells of the page itself
        self.complaints = [one for one in self.complaints if not (refused and "status" in one)]

    def faults(self) -> list[str]:
        """Of the page as it stands now."""
        said, self.complaints = self.complaints, []
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        said += [f"{wide} px too wide"] if wide > 0 else []
        said += [] if self.page.locator("h1").count() == 1 else ["not one h1"]
        return said + violations(self.page)


def violations(page: Any) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']]}"
        for one in found
        if one["impact"] in GRAVE
    ]


def returned(office: Office) -> int:
    number = office.submit("sun", PROMISE)
    office.work()
    judge(office, number, Verdict.CONFIRMED)
    decide(office, number, Step.RETURN, "请删去保本承诺")
    return number


def sent_again(office: Office) -> int:
    number = returned(office)
    with office.database.writing() as session:
        identity = office.identity("sun")
        lock = session.get_one(Submission, number).lock
        submission = take_submission(session, identity, number, lock)
        content = Content(PROMISE.replace("零风险", "风险低"), note="改了")
        revise(session, identity, submission, content, Intake(office.settings, office.files))
    office.work()
    return number


def approved(office: Office) -> int:
    number = office.submit("sun", CLEAN, form={"title": "长" * 190})
    office.work()
    decide(office, number, Step.APPROVE)
    return number


def proposed(office: Office) -> int:
    number = pictured(office, office.submit("sun", form={"title": "海报"}))
    judge(office, number, Verdict.DISMISSED, "引述")
    decide(office, number, Step.APPROVE, "已核对", by="qian", two_person=True)
    return number


def compared(office: Office, number: int) -> str:
    answer = office.browser("wang").act(
        "/compare", {"number": str(number), "text": CLEAN + "仅限今日"}, follow_redirects=False
    )
    office.work()
    return answer.headers["location"]


def seed(office: Office) -> tuple[dict[str, list[str]], int, int]:
    case, back, again, done = (
        pictured(office, office.submit("sun", form={"title": "海报"})), returned(office), sent_again(office), approved(office)
    )  # fmt: skip
    second, comparison = proposed(office), compared(office, done)
    waiting = office.submit("sun", CLEAN)
    office.token("wang")
    at = "/submissions"
    return {
        "": ["/login", "/invitations/none", "/nothing"],
        "sun": [
            "/", "/?state=refused", f"{at}/new", "/bulk", "/account", "/statistics", "/?after=x",
            f"{at}/{case}", f"{at}/{waiting}", f"{at}/{back}/revise", f"{at}/{back}", f"{at}/{done}",
        ],
        "wang": [
            "/", "/?state=all", "/?words=none", f"{at}/{case}", f"{at}/{again}", "/account",
            f"{at}/{again}/versions/1", f"{at}/{again}/changes", f"{at}/{done}/opinion",
            f"{at}/{back}/opinion", "/compare", comparison, "/statistics", "/nothing",
        ],
        "zhao": [f"{at}/{second}"],
        "audit": ["/", "/audit", f"{at}/{done}"],
        "admin": ["/people", "/people/1", "/companies", "/audit", "/people?words=none"],
    }, case, again  # fmt: skip


@pytest.fixture(scope="module")
def seeded(tmp_path_factory) -> Iterator[Seeded]:
    service = Service(tmp_path_factory.mktemp("pages") / "service")
    try:
        pages, case, long = seed(service.office)
        service.start(1, 0)  # what waits for the machine goes on waiting
        yield Seeded(service, pages, case, long)
    finally:
        service.close()


def look(chromium, seeded: Seeded, screen: str, login: str = "") -> Look:
    width, height = SCREENS[screen]
    page = chromium.new_page(
        viewport={"width": width, "height": height}, base_url=seeded.service.address,
        locale="zh-CN", has_touch=screen == "phone",
    )  # fmt: skip
    page.set_default_timeout(PATIENCE_MS)
    seen = Look(page)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("console", lambda told: told.type == "error" and seen.complaints.append(told.text))
    if login:
        page.goto("/login")
        page.fill("[name=login]", login)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda address: not address.endswith("/login"))
    return seen


@pytest.mark.parametrize("login", ["", "sun", "wang", "zhao", "audit", "admin"])
@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_is_readable_by_everyone(chromium, seeded, screen, login):
    seen = look(chromium, seeded, screen, login)
    faults = {}
    for path in seeded.pages[login]:
        seen.go(path)
        if told := seen.faults():
            faults[path] = told
    seen.page.close()
    assert faults == {}


@pytest.mark.parametrize("screen", SCREENS)
def test_every_dialog_of_the_workbench_is_readable_by_everyone(chromium, seeded, screen):
    seen = look(chromium, seeded, screen, "wang")
    seen.go(f"/submissions/{seeded.case}")
    names = seen.page.eval_on_selector_all("dialog", "all => all.map((one) => one.id)")
    assert {"pin", "keys", "papers", "sign-in-again"} <= set(names)
    faults = {}
    for name in names:
        seen.page.evaluate("name => document.getElementById(name).showModal()", name)
        if told := seen.faults():
            faults[name] = told
        seen.page.evaluate("name => document.getElementById(name).close()", name)
    seen.page.close()
    assert faults == {}


@pytest.mark.parametrize("screen", SCREENS)
def test_a_form_says_what_is_wrong_to_everyone(chromium, seeded, screen):
    seen = look(chromium, seeded, screen, "sun")
    seen.go("/submissions/new")
    seen.page.fill("[name=title]", "没有内容")
    seen.page.click("main button.primary[type=submit]")
    seen.page.wait_for_selector(".field.wrong")
    seen.complaints = []  # the browser's word on the answer 422
    assert seen.faults() == []
    control = seen.page.locator("[aria-invalid=true]")
    named = control.get_attribute("aria-describedby").split()[-1]
    assert "请填写文字或选择文件" in seen.page.inner_text(f"#{named}")
    assert control.evaluate("one => one === document.activeElement")
    seen.page.close()


def test_the_desk_stays_in_sight_while_a_side_scrolls(chromium, seeded):
    seen = look(chromium, seeded, "desk", "wang")
    seen.page.set_viewport_size({"width": 1440, "height": 700})
    seen.go(f"/submissions/{seeded.long}")
    below = "one => one.scrollHeight - one.clientHeight"
    assert seen.page.locator("[data-judgement]").evaluate(below) > 0
    assert seen.page.locator("main").evaluate(below) <= 0
    assert seen.page.locator("html").evaluate(below) <= 0
    seen.page.close()


def tab_to(page: Any, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no way to {selector} by keyboard")


def test_an_ad_is_submitted_by_keyboard_alone(chromium, seeded):
    seen = look(chromium, seeded, "desk", "sun")
    seen.go("/submissions/new")
    tab_to(seen.page, "[name=text]")
    seen.page.keyboard.type("欢迎光临")
    tab_to(seen.page, "button[aria-label=选择广告文件]")
    with seen.page.expect_file_chooser() as chosen:
        seen.page.keyboard.press("Space")
    chosen.value.set_files({"name": "a.txt", "mimeType": "text/plain", "buffer": "甲".encode()})
    tab_to(seen.page, "[name=title]")
    seen.page.keyboard.type("只用键盘")
    tab_to(seen.page, "form.form-page button[type=submit]")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url(lambda address: not address.endswith("/new"))
    assert "只用键盘" in seen.page.inner_text("h1")
    seen.page.close()


def test_on_a_phone_the_filters_are_folded_until_asked_for(chromium, seeded):
    seen = look(chromium, seeded, "phone", "wang")
    words = seen.page.locator(".filters [name=words]")
    assert not words.is_visible()
    seen.page.click(".unfold")
    words.fill("没有这样的")
    seen.page.click(".filters button[type=submit]")
    seen.page.wait_for_url("**/?*words=*")
    assert words.is_visible()  # what is filtered is in sight
    seen.page.close()
