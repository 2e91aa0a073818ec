"""The REST API as a program uses it: tokens, submitting once, reviewing, deciding, being refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from adscan.web.kept.clock import now
from adscan.web.kept.states import Scope, State
from adscan.web.kept.tables import ApiToken, Job, Person, Submission
from tests.web.office import Browser, Office, settings_for

API = "/api/v1"
FORM = {
    "title": "春季推广", "advertiser": "海州理财咨询有限公司", "product": "安心宝",
    "medium": "newspaper", "slot": "A3 版", "planned_from": "2026-11-25",
    "text": "本产品保本保息，年化 12%，零风险。",
}  # fmt: skip


class Program(Browser):
    """Something that uses the API with a token."""

    def __init__(self, office: Office, token: str) -> None:
        super().__init__(office.app, base_url="http://testserver", raise_server_exceptions=False)
        self.headers["Authorization"] = f"Bearer {token}"

    def ask(self, path: str = "/submissions", key: str | None = None, **more):
        headers = {"Idempotency-Key": key} if key else {}
        if not {"data", "files", "content"} & set(more):
            more.setdefault("json", FORM)
        return self.post(API + path, headers=headers | more.pop("headers", {}), **more)

    def see(self, path: str, status: int = 200):
        response = self.get(API + path)
        assert response.status_code == status, response.text
        return response.json()


def program(office: Office, login: str, *scopes: Scope) -> Program:
    return Program(office, office.token(login, *scopes))


def refused(response, status: int) -> dict:
    """The problem, which must be one, in Chinese."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert any("\u4e00" <= c <= "\u9fff" for c in problem["detail"]), problem
    return problem


def how_many(office: Office) -> int:
    with office.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Submission))


def judge_all(reviewer: Program, number: int, verdict: str, reason: str = "") -> int:
    """Decide on all findings of the first version; the lock afterwards."""
    path = f"/submissions/{number}/versions/1/findings"
    for one in reviewer.see(path)["items"]:
        sent = {"verdict": verdict, "reason": reason, "seen": one["verdict"]}
        assert reviewer.patch(f"{API}{path}/{one['id']}", json=sent).status_code == 200
    return reviewer.see(f"/submissions/{number}")["lock"]


def test_an_advertisement_goes_from_submission_to_decision_and_back_through_the_api(
    either_office: Office,
):
    office = either_office
    shen, wang = program(office, "shen"), program(office, "wang")
    made = shen.ask()
    assert made.status_code == 201
    assert made.headers["location"] == f"{API}/submissions/1"
    assert made.json()["state"] == "awaiting_machine"
    office.work()
    shown = shen.see("/submissions/1")
    assert shown["state"] == "awaiting_person"
    assert shown["versions"][0]["decision"] in ("revise", "reject")
    lock = judge_all(wang, 1, "confirmed")
    decided = wang.ask(
        "/submissions/1/decision", json={"step": "return", "reason": "请删去保本", "lock": lock}
    )
    assert decided.json()["state"] == "returned"
    assert decided.json()["reviewer"]["name"] == "wang"
    opinion = shen.see("/submissions/1/opinion")
    assert opinion["reason"] == "请删去保本"
    assert {one["verdict"] for one in opinion["findings"]} == {"confirmed"}
    again = {"lock": decided.json()["lock"], "text": "安心宝，投资有风险。"}
    revised = shen.ask("/submissions/1/versions", json=again)
    assert revised.status_code == 201
    assert [one["number"] for one in revised.json()["versions"]] == [1, 2]
    assert shen.see("/submissions/1/versions/2")["text"] == "安心宝，投资有风险。"


def test_the_review_comes_exactly_as_it_was_stored_once_it_is_there(office: Office):
    shen = program(office, "shen")
    shen.ask()
    path = f"{API}/submissions/1/versions/1/review"
    early = shen.get(path)
    refused(early, 409)
    assert int(early.headers["retry-after"]) > 0
    office.work()
    with office.database.reading() as session:
        stored = session.get_one(Submission, 1).latest.review
    assert shen.get(path).json() == stored
    assert list(shen.get(path).json()) == list(stored)


def test_files_come_as_a_form_and_are_checked_by_content(office: Office):
    shen = program(office, "shen")
    files = [
        ("creatives", ("../../广告.txt", "稳赚不赔".encode())),
        ("creatives", ("again.txt", "稳赚不赔".encode())),
    ]
    made = shen.ask(data=FORM, files=files)
    assert made.status_code == 201, made.text
    kept = shen.see("/submissions/1/versions/1")["files"]
    assert [(one["name"], one["media_type"]) for one in kept] == [("again.txt", "text/plain")]
    wrong = shen.ask(data=FORM, files={"creatives": ("a.png", b"\x7fELF\x02\x01\x01" + bytes(99))})
    assert "a.png" in refused(wrong, 422)["detail"]


def test_a_file_of_the_last_version_is_kept_only_if_it_is_named(office: Office):
    shen, wang = program(office, "shen"), program(office, "wang")
    files = [("creatives", (f"{n}.txt", f"第{n}张：保本保息".encode())) for n in (1, 2)]
    shen.ask(data=FORM, files=files)
    office.work()
    lock = judge_all(wang, 1, "confirmed")
    sent = {"step": "return", "reason": "改", "lock": lock}
    lock = wang.ask("/submissions/1/decision", json=sent).json()["lock"]
    first = shen.see("/submissions/1/versions/1")["files"][0]
    sent = shen.ask(
        "/submissions/1/versions", data={"lock": str(lock), "keep": [str(first["id"])]},
        files={"creatives": ("3.txt", "投资有风险".encode())},
    )  # fmt: skip
    assert sent.status_code == 201, sent.text
    kept = shen.see("/submissions/1/versions/2")["files"]
    assert [one["name"] for one in kept] == [first["name"], "3.txt"]


def test_a_request_sent_again_under_its_name_is_done_once(office: Office):
    shen = program(office, "shen")
    first, again = shen.ask(key="a-1"), shen.ask(key="a-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert again.json() == first.json()
    assert how_many(office) == 1


def test_a_name_used_for_something_else_is_refused(office: Office):
    shen = program(office, "shen")
    shen.ask(key="a-1")
    refused(shen.ask(key="a-1", json=FORM | {"text": "别的"}), 409)
    form = shen.ask(key="a-1", data=FORM, files={"creatives": ("a.txt", "词".encode())})
    refused(form, 409)
    assert how_many(office) == 1


def test_the_same_name_of_two_people_are_two_names(office: Office):
    assert program(office, "shen").ask(key="a").status_code == 201
    assert program(office, "sun").ask(key="a").status_code == 201
    assert how_many(office) == 2


def test_a_refused_request_leaves_its_name_free(office: Office):
    shen = program(office, "shen")
    refused(shen.ask(key="a", json=FORM | {"text": ""}), 422)
    assert shen.ask(key="a").status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 201])
def test_a_name_must_be_plain_characters(office: Office, key: str):
    response = program(office, "shen").ask(headers={"Idempotency-Key": key.encode()})
    assert "Idempotency-Key" in refused(response, 422)["fields"]


def test_the_same_request_sent_many_times_at_once_makes_one_submission(either_office: Office):
    token = either_office.token("shen")

    def send(_: int):
        return Program(either_office, token).ask(key="at-once")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert sorted(one.status_code for one in answers) == [200] * 7 + [201]
    assert {one.json()["id"] for one in answers} == {answers[0].json()["id"]}
    assert how_many(either_office) == 1
    with either_office.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_a_new_version_sent_many_times_at_once_is_one_version(either_office: Office):
    office = either_office
    shen, wang = program(office, "shen"), program(office, "wang")
    shen.ask()
    office.work()
    sent = {"step": "return", "reason": "改", "lock": judge_all(wang, 1, "confirmed")}
    lock = wang.ask("/submissions/1/decision", json=sent).json()["lock"]
    token = office.token("shen")

    def send(_: int):
        new = {"lock": lock, "text": "投资有风险"}
        return Program(office, token).ask("/submissions/1/versions", key="v2", json=new)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert sorted(one.status_code for one in answers) == [200, 200, 200, 201]
    assert len(shen.see("/submissions/1")["versions"]) == 2


def test_the_links_lead_through_all_submissions_once(office: Office):
    shen = program(office, "shen")
    for number in range(5):
        shen.ask(json=FORM | {"title": f"第 {number} 件"})
    program(office, "sun").ask()
    seen, path = [], "/submissions?limit=2&advertiser=海州"
    while path:
        page = shen.see(path)
        assert len(page["items"]) <= 2
        seen += [one["id"] for one in page["items"]]
        path = page["next"] and page["next"].removeprefix(API)
    assert seen == [5, 4, 3, 2, 1]
    oldest = shen.see("/submissions?limit=1&oldest_first=true")
    assert oldest["items"][0]["id"] == 1


def test_submissions_are_found_by_state_rule_words_and_day(office: Office):
    shen, wang = program(office, "shen"), program(office, "wang")
    shen.ask()
    office.work()
    shen.ask(json=FORM | {"title": "另一件"})

    def ids(query: str) -> list[int]:
        return [one["id"] for one in wang.see(f"/submissions?{query}")["items"]]

    assert ids("state=awaiting_person") == [1]
    assert ids("state=awaiting_person&state=awaiting_machine") == [2, 1]
    assert ids("rule=guaranteed-return") == [1]
    assert ids("words=另一") == [2]
    assert ids("since=2001-01-01&until=9999-12-31") == [2, 1]
    assert ids("until=0001-01-01") == []
    wang.see("/submissions?words=%00", 422)


def test_submissions_of_another_company_are_not_there(office: Office):
    program(office, "shen").ask()
    office.work()
    sun = program(office, "sun")
    assert sun.see("/submissions")["items"] == []
    for path in ("", "/versions/1", "/versions/1/review", "/versions/1/findings",
                 "/versions/1/comments", "/opinion", "/opinion.pdf"):  # fmt: skip
        refused(sun.get(f"{API}/submissions/1{path}"), 404)
    lock = {"lock": 2}
    refused(sun.ask("/submissions/1/withdraw", json=lock), 404)
    refused(sun.ask("/submissions/1/versions", json=lock | {"text": "a"}), 404)
    refused(sun.ask("/submissions/1/decision", json=lock | {"step": "approve"}), 403)


def test_submitters_see_no_internal_comments_and_no_verdicts_before_the_decision(office: Office):
    shen, wang = program(office, "shen"), program(office, "wang")
    shen.ask()
    office.work()
    comments, found = "/submissions/1/versions/1/comments", "/submissions/1/versions/1/findings"
    wang.ask(comments, json={"text": "内部：查一下", "is_internal": True})
    wang.ask(comments, json={"text": "请补证明", "place": {"part": "text:0", "start": 0, "end": 3}})
    added = wang.ask(found, json={"rule": "other", "explanation": "没有写明主体"})
    assert added.status_code == 201, added.text
    lock = judge_all(wang, 1, "confirmed")
    assert [one["text"] for one in shen.see(comments)["items"]] == ["请补证明"]
    assert len(wang.see(comments)["items"]) == 2
    assert {one["verdict"] for one in shen.see(found)["items"]} == {"open"}
    assert all(one["decided_by"] is one["added_by"] is None for one in shen.see(found)["items"])
    sent = {"step": "return", "reason": "改", "lock": lock}
    assert wang.ask("/submissions/1/decision", json=sent).status_code == 200
    shown = shen.see(found)["items"]
    assert {one["verdict"] for one in shown} == {"confirmed"}
    assert shown[-1]["added_by"]["name"] == "wang"


def test_whoever_has_not_seen_the_latest_is_told_and_nothing_is_done(office: Office):
    program(office, "shen").ask()
    office.work()
    wang, zhao = program(office, "wang"), program(office, "zhao")
    lock = judge_all(wang, 1, "confirmed")
    sent = {"step": "return", "reason": "甲", "lock": lock}
    assert wang.ask("/submissions/1/decision", json=sent).status_code == 200
    late = refused(zhao.ask("/submissions/1/decision", json=sent | {"step": "refuse"}), 409)
    assert late["lock"] == zhao.see("/submissions/1")["lock"] > lock
    assert zhao.see("/submissions/1")["state"] == "returned"


def test_a_verdict_on_what_someone_else_has_just_decided_is_refused(office: Office):
    program(office, "shen").ask()
    office.work()
    wang, zhao = program(office, "wang"), program(office, "zhao")
    path = "/submissions/1/versions/1/findings"
    one = wang.see(path)["items"][0]
    confirmed = {"verdict": "confirmed", "seen": "open"}
    assert wang.patch(f"{API}{path}/{one['id']}", json=confirmed).status_code == 200
    dismissed = {"verdict": "dismissed", "reason": "不是", "seen": "open"}
    refused(zhao.patch(f"{API}{path}/{one['id']}", json=dismissed), 409)
    assert zhao.see(path)["items"][0]["verdict"] == "confirmed"


def test_approval_against_the_machine_takes_two_people(office: Office):
    shen = program(office, "shen")
    shen.ask()
    office.work()
    with office.database.writing() as session:
        session.get_one(Submission, 1).latest.decision = "reject"
    zhao, qian = program(office, "zhao"), program(office, "qian")
    lock = judge_all(zhao, 1, "dismissed", "引用的是警示")
    sent = {"step": "approve", "reason": "确为警示", "lock": lock}
    proposed = zhao.ask("/submissions/1/decision", json=sent).json()
    assert (proposed["state"], proposed["proposed_by"]["name"]) == ("awaiting_person", "zhao")
    assert shen.see("/submissions/1")["proposed_by"] is None
    assert shen.see("/submissions/1")["rulings"] == []
    agreed = {"agrees": True, "lock": proposed["lock"]}
    refused(zhao.ask("/submissions/1/second", json=agreed), 403)
    assert qian.ask("/submissions/1/second", json=agreed).json()["state"] == "approved"


def test_withdrawn_stays_on_record(office: Office):
    shen = program(office, "shen")
    lock = shen.ask().json()["lock"]
    taken = shen.ask("/submissions/1/withdraw", json={"lock": lock}).json()
    assert taken["state"] == State.WITHDRAWN.value
    assert [one["step"] for one in taken["rulings"]] == ["withdraw"]
    refused(shen.ask("/submissions/1/withdraw", json={"lock": taken["lock"]}), 409)


def test_the_auditor_reads_everything_and_changes_nothing(office: Office):
    program(office, "shen").ask()
    audit = program(office, "audit")
    lock = audit.see("/submissions/1")["lock"]
    for path, sent in (
        ("/submissions", FORM),
        ("/submissions/1/withdraw", {"lock": lock}),
        ("/submissions/1/decision", {"step": "approve", "lock": lock}),
        ("/submissions/1/versions/1/comments", {"text": "a"}),
    ):
        refused(audit.ask(path, json=sent), 403)


def test_a_token_does_no_more_than_its_scopes(office: Office):
    reader = program(office, "shen", Scope.READ)
    assert reader.see("/me")["scopes"] == ["read"]
    refused(reader.ask(), 403)
    sender = program(office, "shen", Scope.SUBMIT)
    assert sender.ask().status_code == 201
    refused(sender.get(f"{API}/submissions"), 403)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token, person: setattr(token, "revoked_at", now()),
        lambda token, person: setattr(token, "expires_at", now() - timedelta(seconds=1)),
        lambda token, person: setattr(person, "is_active", False),
    ],
    ids=["revoked", "expired", "person gone"],
)
def test_a_token_that_is_no_longer_good_is_refused(office: Office, spoil):
    shen = program(office, "shen")
    shen.see("/me")
    with office.database.writing() as session:
        token = session.scalars(select(ApiToken)).one()
        spoil(token, session.get_one(Person, token.person_id))
    response = shen.get(f"{API}/me")
    refused(response, 401)
    assert response.headers["www-authenticate"] == "Bearer"


def test_a_browser_session_opens_no_api(office: Office):
    problem = refused(office.browser("shen").get(f"{API}/me"), 401)
    assert "令牌" in problem["detail"]


def test_the_use_of_a_token_is_noted_at_most_once_a_minute(office: Office):
    def last_used():
        with office.database.reading() as session:
            return session.scalars(select(ApiToken.last_used_at)).one()

    shen = program(office, "shen")
    assert last_used() is None
    shen.see("/me")
    first = last_used()
    shen.see("/me")
    assert first is not None and last_used() == first
    with office.database.writing() as session:
        session.scalars(select(ApiToken)).one().last_used_at = now() - timedelta(minutes=2)
    office.app.state.token_uses = None
    del office.app.state.token_uses  # as in another process
    shen.see("/me")
    assert last_used() > first


def test_bodies_that_are_not_what_they_say_are_refused_in_words(office: Office):
    shen = program(office, "shen")
    json_type = {"content-type": "application/json"}
    refused(shen.ask(content=b'{"title": ', headers=json_type), 400)
    refused(shen.ask(content=b'\xff\xfe"', headers=json_type), 400)
    refused(shen.ask(content=b"a=b", headers={"content-type": "text/plain"}), 415)
    refused(shen.ask(content=b"a=b"), 415)
    refused(shen.ask(content=b"--x", headers={"content-type": "multipart/form-data"}), 400)
    nameless = b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"
    form_type = {"content-type": "multipart/form-data; boundary=x"}
    refused(shen.ask(content=nameless, headers=form_type), 400)
    assert how_many(office) == 0


def test_each_unusable_field_is_named_and_nothing_sent_is_echoed(office: Office):
    sent = FORM | {"planned_from": "昨天<script>", "medium": "skywriting", "titel": "打错的名字"}
    problem = refused(program(office, "shen").ask(json=sent), 422)
    assert set(problem["fields"]) == {"planned_from", "medium", "titel"}
    assert "script" not in str(problem) and "打错" not in str(problem)


def test_odd_addresses_are_answered_in_words(office: Office):
    wang = program(office, "wang")
    refused(wang.get(f"{API}/submissions/{2**40}"), 404)
    refused(wang.get(f"{API}/submissions/{'9' * 5000}"), 422)
    refused(wang.get(f"{API}/submissions/1/versions/{2**80}"), 404)
    refused(wang.get(f"{API}/submissions/eins"), 422)
    refused(wang.get(f"{API}/{'x' * 9000}"), 404)
    refused(wang.get(f"{API}/submissions?limit=101"), 422)
    refused(wang.get(f"{API}/submissions?after={'9' * 30}"), 422)
    wrong = wang.delete(f"{API}/submissions/1")
    refused(wrong, 405)
    assert wrong.headers["allow"] == "GET"


def test_more_bytes_than_allowed_are_refused(tmp_path):
    office = Office(settings_for(tmp_path, max_upload_bytes=200_000))
    response = program(office, "shen").ask(content=b"x" * 300_000)
    refused(response, 413)
    assert how_many(office) == 0
    office.close()


def test_the_opinion_comes_as_pdf(office: Office):
    pytest.importorskip("weasyprint")
    shen, wang = program(office, "shen"), program(office, "wang")
    shen.ask()
    office.work()
    refused(shen.get(f"{API}/submissions/1/opinion.pdf"), 409)
    sent = {"step": "refuse", "reason": "违法", "lock": judge_all(wang, 1, "confirmed")}
    assert wang.ask("/submissions/1/decision", json=sent).status_code == 200
    response = shen.get(f"{API}/submissions/1/opinion.pdf")
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.content.startswith(b"%PDF-")


@pytest.mark.parametrize("path", ["/api/v1/compare", "/api/compare"])
def test_what_was_published_is_compared_with_what_was_approved(office: Office, path: str):
    words = "安心宝，投资有风险，理财须谨慎。"
    program(office, "shen").ask(json=FORM | {"text": words})
    office.work()
    with office.database.writing() as session:
        session.get_one(Submission, 1).state = State.APPROVED
    wang = program(office, "wang")
    number = wang.see("/submissions/1")["number"]
    made = wang.post(path, json={"number": number, "text": words.replace("须", "要")})
    assert made.status_code == 202, made.text
    assert made.json()["outcome"] is None
    office.work()
    found = wang.get(made.headers["location"]).json()
    assert (found["outcome"], found["version"]) == ("changed", 1)
    same = wang.post(path, data={"number": number}, files={"creatives": ("a.txt", words.encode())})
    office.work()
    assert wang.get(same.headers["location"]).json()["outcome"] == "same"
    refused(wang.post(path, json={"number": "2020-000001", "text": "a"}), 422)
    refused(program(office, "shen").get(made.headers["location"]), 403)


def test_what_was_not_approved_has_nothing_to_be_compared_with(office: Office):
    program(office, "shen").ask()
    response = program(office, "wang").ask("/compare", json={"number": "1", "text": "a"})
    assert "没有通过" in refused(response, 422)["detail"]
