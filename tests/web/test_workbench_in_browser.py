"""The workbench in a real Chromium: what only a browser can show."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
import uvicorn
from sqlalchemy import delete

from adscan.web.kept.tables import SignIn, Submission
from tests.web.office import PASSWORD, Office
from tests.web.pictured import pictured

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE_MS = 10_000


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    """The office's application over loopback."""
    server = uvicorn.Server(
        uvicorn.Config(office.app, port=0, log_level="warning", ws="none", lifespan="off")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def tab(chromium, address, office):
    """A reviewer's tab. What the console complains of fails the test."""
    page = chromium.new_page(viewport={"width": 1440, "height": 900}, base_url=address)
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    page.goto("/login")
    page.fill("[name=login]", "wang")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/")
    yield page
    page.close()
    assert [one for one in complaints if "401" not in one and "422" not in one] == []


@pytest.fixture
def case(office: Office) -> int:
    """A picture with one finding and one mention, read by the machine."""
    return pictured(office, office.submit())


def latest(office: Office, case: int):
    with office.database.reading() as session:
        version = session.get(Submission, case).latest
        return [row.document for row in version.findings], [
            (one.text, one.start, one.end) for one in version.comments
        ]


def test_words_after_a_rare_character_are_marked_where_they_stand(tab, office, case):
    tab.goto(f"/submissions/{case}")
    tab.evaluate(
        """() => {
          const run = document.querySelector('[data-words] [data-start="0"]').firstChild;
          const at = run.data.indexOf("理财");
          const range = document.createRange();
          range.setStart(run, at);
          range.setEnd(run, at + 2);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    tab.keyboard.press("m")
    tab.check('[data-pin-kind][value="comment"]')
    tab.fill("#pin-text", "什么理财？")
    tab.click(".pin-comment button[type=submit]")
    tab.wait_for_selector(".comments li")
    assert latest(office, case)[1] == [("什么理财？", 2, 4)]  # not 3 to 5, as UTF-16 counts
    assert tab.inner_text('mark[data-keys~="c1"]') == "理财"


def test_a_drawn_box_becomes_a_finding_in_the_pictures_own_units(tab, office, case):
    tab.goto(f"/submissions/{case}")
    canvas = tab.locator("[data-canvas]").bounding_box()
    unit = canvas["width"] / 400
    tab.keyboard.press("n")
    tab.mouse.move(canvas["x"] + 20 * unit, canvas["y"] + 120 * unit)
    tab.mouse.down()
    tab.mouse.move(canvas["x"] + 220 * unit, canvas["y"] + 170 * unit, steps=4)
    tab.mouse.up()
    tab.select_option("#pin-rule", "guaranteed-return")
    tab.click(".pin-finding button[type=submit]")
    tab.wait_for_selector("[data-finding] >> nth=1")
    added = latest(office, case)[0][1]
    polygon = added["evidence"][0]["polygon"]
    assert np.allclose(polygon, [[20, 120], [220, 120], [220, 170], [20, 170]], atol=1.5)


def test_everything_can_be_decided_from_the_keyboard(tab, office, case):
    tab.goto(f"/submissions/{case}")
    tab.keyboard.press("x")
    tab.keyboard.press("Enter")  # without a reason it is not sent
    assert "不认定须写明理由" in tab.inner_text(".judge .error")
    tab.keyboard.insert_text("引述法规")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("[data-verdict=dismissed]")
    assert "不认定 1" in tab.inner_text("#tally")
    assert "dismissed-place" in tab.get_attribute("polygon.box.high", "class")


def test_the_number_on_the_picture_and_the_finding_lead_to_each_other(tab, case):
    tab.goto(f"/submissions/{case}")
    tab.hover("polygon.box.high")
    assert "hot" in tab.get_attribute("[data-finding]", "class")
    tab.hover("[data-finding] h3")
    assert "hot" in tab.get_attribute("polygon.box.high", "class")
    tab.click(".badge-link.mention")
    assert "chosen-one" in tab.get_attribute("#m1", "class")


def test_a_comment_typed_while_the_session_ended_is_sent_after_signing_in(tab, office, case):
    tab.goto(f"/submissions/{case}")
    tab.click('[data-add="comment"]')
    tab.fill("#pin-text", "一字不丢")
    with office.database.writing() as session:
        session.execute(delete(SignIn))
    tab.click(".pin-comment button[type=submit]")
    tab.fill("#again-password", PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".comments li")
    assert latest(office, case)[1] == [("一字不丢", None, None)]


def test_the_waiting_page_turns_into_the_workbench_by_itself(tab, office):
    number = office.submit()
    tab.goto(f"/submissions/{number}")
    tab.wait_for_selector("#progress")
    office.work()
    tab.wait_for_selector("[data-finding]")
