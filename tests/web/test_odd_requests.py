"""Numbers too long for any column, and files that are gone, are told; they are no faults of ours."""

from __future__ import annotations

import pytest

from adscan.web.kept.numbers import row_id
from adscan.web.kept.tables import Submission
from tests.web.decided import poster
from tests.web.office import Office

LONG = "9" * 5000


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12), ("000012", 12), ("2147483647", 2**31 - 1), ("2147483648", None), ("0", None),
        ("", None), ("-1", None), ("1.5", None), ("１２", None), (LONG, None), ("0" * 5000, None),
        ("0" * 5000 + "7", 7),
    ],
)  # fmt: skip
def test_only_digits_that_a_row_can_have_are_a_number(typed, number):
    assert row_id(typed) == number


@pytest.mark.parametrize(
    ("login", "address"),
    [
        ("shen", f"/?words={LONG}"), ("wang", f"/?words=2026-{LONG}"),
        ("wang", f"/?reviewer={LONG}"), ("admin", f"/people?company={LONG}"),
        ("admin", f"/audit?subject=2026-{LONG}"), ("admin", f"/audit?subject=submission:{LONG}"),
    ],
)  # fmt: skip
def test_numbers_of_thousands_of_digits_find_nothing_or_everything(office: Office, login, address):
    assert office.browser(login).get(address).status_code == 200


def test_a_number_of_thousands_of_digits_is_no_company(office: Office):
    form = {"login": "neu", "name": "新", "role": "submitter", "company": LONG}
    assert office.browser("admin").act("/people", form).status_code == 422


def test_a_number_of_thousands_of_digits_is_no_submission_to_compare_with(office: Office):
    answer = office.browser("wang").act("/compare", {"number": LONG, "text": "春"})
    assert answer.status_code == 422 and "没有这个编号" in answer.text


def test_a_file_that_is_gone_from_the_data_folder_is_told_as_that(office: Office):
    submission_id = office.submit(files=[("creatives", ("海报.png", poster(), "image/png"))])
    office.work()
    with office.database.reading() as session:
        version = session.get_one(Submission, submission_id).latest
        file, pictures = version.files[0], version.pictures
    office.files.path(file.sha256).unlink()
    for picture in pictures.values():
        office.files.path(picture["sha256"]).unlink(missing_ok=True)
    browser, base = office.browser("wang"), f"/submissions/{submission_id}/versions/1"
    for address in (f"{base}/files/{file.id}", f"{base}/pictures/{next(iter(pictures))}"):
        answer = browser.get(address)
        assert answer.status_code == 404
        assert "数据目录里缺少" in answer.text and "从备份恢复" in answer.text
