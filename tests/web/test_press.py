"""Documents on paper are printed once, one at a time, and never take all threads."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import pytest

from adscan.web.kept.states import Step, Verdict
from adscan.web.pages import load_templates
from adscan.web.showing import pdf, press
from tests.web.decided import decide, judge, opinion

pytestmark = pytest.mark.skipif(pdf.MISSING is not None, reason="WeasyPrint or Pango is missing")


@pytest.fixture
def refused(office):
    submission_id = office.submit()
    office.work()
    judge(office, submission_id, Verdict.CONFIRMED, "承诺保本")
    decide(office, submission_id, Step.REFUSE, "不能补救")
    return submission_id


def test_a_document_is_printed_once_and_kept(office, refused):
    browser, address = office.browser("shen"), f"/submissions/{refused}/opinion.pdf"
    first = browser.get(address).content
    (kept,) = (office.settings.web.data_dir / "opinions").iterdir()
    assert kept.name.endswith(".pdf") and kept.read_bytes() == first
    kept.write_bytes(b"%PDF as it was kept")
    assert browser.get(address).content == b"%PDF as it was kept"
    kept.unlink()
    assert browser.get(address).content == first


def test_of_many_who_ask_at_once_few_wait_and_the_others_are_told_to_come_again(
    office, refused, tmp_path
):
    templates = load_templates()
    known = opinion(office, refused)
    busy, one_is_in, let_go = press.Press(most_waiting=4), threading.Event(), threading.Event()

    def slow():
        one_is_in.set()
        assert let_go.wait(30)
        return known

    def ask(_):
        try:
            return busy.opinion(templates, slow, tmp_path)[1]
        except press.Busy as problem:
            return problem

    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(ask, n) for n in range(20)]
        assert one_is_in.wait(30)
        first = list(islice(as_completed(asked, timeout=30), 15))
        let_go.set()
    assert all(isinstance(one.result(), press.Busy) for one in first)
    served = [one.result() for one in asked if one not in first]
    assert len(served) == 5 and len(set(served)) == 1
    assert len(list(tmp_path.glob("*.pdf"))) == 1


def test_who_waits_too_long_is_told_to_come_again(office, refused, tmp_path):
    known = opinion(office, refused)
    impatient = press.Press(patience_s=0.05)
    with impatient._turn(), pytest.raises(press.Busy) as raised:
        impatient.opinion(load_templates(), lambda: known, tmp_path)
    assert raised.value.status == 503
    assert impatient.opinion(load_templates(), lambda: known, tmp_path)[1].startswith(b"%PDF")


def test_a_busy_press_answers_with_when_to_come_again(office, refused, monkeypatch):
    monkeypatch.setattr("adscan.web.routes.opinion.PRESS", press.Press(most_waiting=-1))
    answer = office.browser("shen").get(f"/submissions/{refused}/opinion.pdf")
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
    assert "请过几秒再下载" in answer.text


def test_a_folder_that_cannot_be_written_costs_nobody_the_document(office, refused, tmp_path):
    in_the_way = tmp_path / "opinions"
    in_the_way.write_text("a file")
    found = press.Press().opinion(
        load_templates(), lambda: opinion(office, refused), in_the_way / "deeper"
    )
    assert found[1].startswith(b"%PDF")
