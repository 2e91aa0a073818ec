"""What people send: too much, the wrong kind, broken, twice; and how it is given back."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from adscan.web.kept.tables import StoredFile, Submission
from adscan.web.submitting.uploads import bare_name
from tests.web.office import Office

POSTER = Path("examples/ads/01-wealth-poster.jpg").read_bytes()
FORM = {"title": "海报", "advertiser": "海州理财", "planned_from": "2026-11-25"}


def send(office: Office, files, text="", **more):
    return office.browser("shen").act(
        "/submissions/new", {**FORM, "text": text}, files=files, follow_redirects=False, **more
    )


def creative(name, data):
    return ("creatives", (name, data, "application/octet-stream"))


def stored(office):
    with office.database.reading() as session:
        return session.query(StoredFile).count()


def test_200_megabytes_are_refused_and_leave_nothing(office):
    response = send(office, [creative("big.pdf", b"%PDF-" + bytes(200_000_000))])
    assert response.status_code == 413
    assert "一次最多上传 100 MB" in response.text
    assert stored(office) == 0


def test_a_body_that_hides_its_size_is_cut_off_too(office):
    browser = office.browser("shen")

    def endless():
        for _ in range(120):
            yield bytes(1_000_000)

    response = browser.post(
        "/submissions/new",
        content=endless(),
        headers={
            "X-CSRF-Token": browser.csrf,
            "Content-Type": "multipart/form-data; boundary=x",
        },
    )
    assert response.status_code == 413


def test_strangers_are_asked_to_sign_in_before_anything_is_read(office):
    answer = office.browser().post(
        "/submissions/new", data=FORM, files=[creative("a.jpg", bytes(300_000))]
    )
    assert answer.status_code == 401
    assert stored(office) == 0


def test_a_program_is_refused_by_its_content_whatever_its_name(office):
    response = send(office, [creative("poster.jpg", b"MZ\x90\x00" + bytes(500))])
    assert response.status_code == 422
    assert "poster.jpg" in response.text
    assert FORM["title"] in response.text  # nothing typed is lost
    assert stored(office) == 0


def test_svg_is_refused_with_advice(office):
    response = send(office, [creative("a.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>')])
    assert response.status_code == 422
    assert "SVG" in response.text


def test_an_empty_form_is_refused(office):
    assert "没有广告内容" in send(office, []).text


def test_the_same_file_twice_is_kept_once(office):
    response = send(office, [creative("a.jpg", POSTER), creative("b.jpg", POSTER)])
    number = int(response.headers["location"].rpartition("/")[2])
    with office.database.reading() as session:
        assert len(session.get_one(Submission, number).latest.files) == 1


def test_the_same_content_in_two_submissions_is_one_file_and_is_noticed(either_office):
    first = send(either_office, [creative("a.jpg", POSTER)])
    second = send(either_office, [creative("b.jpg", POSTER)])
    assert (first.status_code, second.status_code) == (303, 303)
    assert stored(either_office) == 1
    assert "%E7%9B%B8%E5%90%8C" in second.headers["set-cookie"]  # 相同


def test_a_broken_picture_is_said_to_be_unread_and_the_rest_is_reviewed(office):
    files = [creative("broken.jpg", POSTER[:2000])]
    response = send(office, files, text="本产品保本保息，零风险。")
    number = int(response.headers["location"].rpartition("/")[2])
    office.work()
    with office.database.reading() as session:
        latest = session.get_one(Submission, number).latest
        assert latest.review["errors"]
        assert latest.decision != "pass"
        assert "guaranteed-return" in [finding.rule for finding in latest.findings]


def test_a_picture_alone_that_is_broken_is_an_error_for_a_person_to_see(office):
    response = send(office, [creative("broken.jpg", POSTER[:2000])])
    office.work()
    number = int(response.headers["location"].rpartition("/")[2])
    with office.database.reading() as session:
        submission = session.get_one(Submission, number)
        assert (submission.latest.decision, submission.state.value) == ("error", "awaiting_person")


def test_a_zip_is_one_ad_of_several_files(office):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "本产品保本保息。")
        archive.writestr("b.txt", "投资有风险。")
    response = send(office, [creative("ad.zip", packed.getvalue())])
    office.work()
    number = int(response.headers["location"].rpartition("/")[2])
    with office.database.reading() as session:
        texts = [
            part["text"] for part in session.get_one(Submission, number).latest.review["parts"]
        ]
    assert texts == ["本产品保本保息。", "投资有风险。"]


def test_an_uploaded_page_is_given_back_as_a_download_only(office):
    page = b"<html><script>alert(1)</script><p>" + "保本".encode() + b"</p></html>"
    response = send(office, [creative("../../x<b>.html", page)])
    number = response.headers["location"].rpartition("/")[2]
    browser = office.browser("shen")
    with office.database.reading() as session:
        file = session.get_one(Submission, int(number)).latest.files[0]
        assert file.name == "x<b>.html"
    answer = browser.get(f"/submissions/{number}/versions/1/files/{file.id}")
    assert answer.content == page
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_names_lose_their_folders_and_control_characters():
    assert bare_name("C:\\temp\\..\\a\x00b\u202e.jpg") == "ab.jpg"
    assert bare_name("/") == bare_name(None) == "未命名"
