"""The pages that hold an approved ad against what was published, and version against version."""

from __future__ import annotations

import pytest

from adscan.web.comparing.compare import given_up
from adscan.web.kept.states import Step
from adscan.web.kept.tables import Comparison, Submission
from adscan.web.routes import comparing
from tests.web.decided import decide, poster

CLEAN = "新店开业，全场八折，欢迎光临海州路一号。"


@pytest.fixture
def shop(office):
    """With the pages, and an approved submission."""
    if not any(getattr(route, "path", "") == "/compare" for route in office.app.routes):
        office.app.include_router(comparing.router, include_in_schema=False)
    return office


def approved(office, text=CLEAN, **more):
    number = office.submit("shen", text, **more)
    office.work()
    decide(office, number, Step.APPROVE, "图片已人工看过")
    return number


def compared(office, number, **form):
    files = form.pop("files", None)
    answer = office.browser("wang").act(
        "/compare", {"number": str(number), **form}, files=files, follow_redirects=False
    )
    assert answer.status_code == 303, answer.text[:2000]
    place = answer.headers["location"]
    assert "完成后自动显示" in office.browser("wang").get(place).text
    office.work()
    return place


def outcome(office, place):
    with office.database.reading() as session:
        return session.get_one(Comparison, int(place.rpartition("/")[2])).outcome


def test_the_same_words_are_the_same(shop):
    place = compared(shop, approved(shop), text=CLEAN)
    assert outcome(shop, place) == "same"
    assert "与通过的原件相同" in shop.browser("audit").get(place).text


def test_a_changed_number_is_shown_where_it_is(shop):
    place = compared(shop, approved(shop), text=CLEAN.replace("八折", "五折"))
    assert outcome(shop, place) == "changed"
    page = shop.browser("wang").get(place).text
    assert "改成" in page
    assert "<del>" in page
    assert "style=" not in page


def test_a_picture_that_was_not_read_is_not_called_the_same(shop):
    picture = {"creatives": ("a.png", poster(), "image/png")}
    number = approved(shop, files=picture)
    place = compared(shop, number, text=CLEAN)
    assert outcome(shop, place) == "changed"
    same = compared(shop, number, text=CLEAN, files=picture)
    assert outcome(shop, same) == "same"


def test_a_damaged_file_is_not_told_as_everything_deleted(shop):
    broken = {"creatives": ("a.png", poster()[:900], "image/png")}
    place = compared(shop, approved(shop), files=broken)
    assert outcome(shop, place) == "unsure"
    page = shop.browser("wang").get(place).text
    assert "不能确定相同" in page
    assert "删去" not in page


def test_a_comparison_given_up_is_shown_as_unsure(shop):
    place = compared(shop, approved(shop), text=CLEAN)
    with shop.database.writing() as session:
        comparison = session.get_one(Comparison, int(place.rpartition("/")[2]))
        comparison.result, comparison.pictures = given_up("机器 3 次未能审完"), {}
        comparison.outcome = comparison.result["outcome"]
    page = shop.browser("wang").get(place)
    assert page.status_code == 200
    assert "不能确定相同" in page.text
    assert "机器没有审完，请人工比对" in page.text


def test_progress_refreshes_the_page_once_it_is_done(shop):
    place = compared(shop, approved(shop), text=CLEAN)
    answer = shop.browser("wang").get(f"{place}/progress")
    assert answer.headers["HX-Refresh"] == "true"


def test_only_approved_submissions_can_be_compared_and_what_was_typed_stays(shop):
    number = shop.submit("shen", CLEAN)
    for typed in (str(number), "999", "不是编号", ""):
        answer = shop.browser("wang").act("/compare", {"number": typed, "text": "发布的文字"})
        assert answer.status_code == 422
        assert "发布的文字" in answer.text


def test_submitters_see_no_comparisons(shop):
    place = compared(shop, approved(shop), text=CLEAN)
    for path in ("/compare", place, f"{place}/progress", f"{place}/pictures/image:0"):
        assert shop.browser("shen").get(path).status_code == 403
    assert shop.browser("admin").get(place).status_code == 403


def test_versions_are_shown_side_by_side_to_their_own_company_only(shop):
    number = shop.submit("shen", CLEAN)
    shop.work()
    decide(shop, number, Step.RETURN, "请改")
    with shop.database.reading() as session:
        lock = session.get_one(Submission, number).lock
    form = {"lock": lock, "text": CLEAN.replace("八折", "九折"), "note": "改了折扣"}
    assert shop.browser("shen").act(f"/submissions/{number}/revise", form).status_code < 400
    path = f"/submissions/{number}/changes?from=1&to=2"
    assert "机审还没有完成" in shop.browser("shen").get(path).text
    shop.work()
    page = shop.browser("shen").get(path).text
    assert "<ins>" in page
    assert "改成" in page
    assert shop.browser("sun").get(path).status_code == 404
    assert (
        "请选两个不同的版本"
        in shop.browser("shen").get(f"/submissions/{number}/changes?from=1&to=1").text
    )
