"""What an admin does with people and companies."""

from __future__ import annotations

import re
import threading

import pytest
from sqlalchemy import func, select

from adscan.web.gate import COOKIE
from adscan.web.kept.states import Role, Scope
from adscan.web.kept.tables import ApiToken, AuditEntry, Company, Invitation, Person
from adscan.web.people import accounts as people
from adscan.web.people.accounts import Post
from adscan.web.problems import Conflict, Problem
from tests.web.office import PASSWORD, Office

NEW = {"login": "Li.Si", "name": "李四", "role": "submitter"}


def number_of(office: Office, login: str) -> int:
    return office.identity(login).person_id


def company_of(office: Office, login: str) -> str:
    return str(office.identity(login).company_id)


def link_in(response) -> str:
    found = re.search(r'class="secret">(http://testserver/invitations/[^<]+)<', response.text)
    assert found, response.text[:2000]
    return found[1]


def actions(office: Office) -> list[str]:
    with office.database.reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


def test_a_new_person_sets_a_password_by_the_link_and_is_in(either_office: Office):
    admin = either_office.browser("admin")
    response = admin.act("/people", {**NEW, "company": company_of(either_office, "shen")})
    link = link_in(response)
    assert "李四" in response.text
    newcomer = either_office.browser()
    assert "li.si" in newcomer.get(link).text
    page = newcomer.post(
        link, data={"password": "晴空一鹤排云上啊啊啊", "again": "晴空一鹤排云上啊啊啊"}
    )
    assert page.status_code == 200
    assert newcomer.get("/submissions/new").status_code == 200
    assert actions(either_office)[-4:-1] == ["person.added", "link.given", "password.set"]


def test_the_link_is_shown_once_and_only_its_hash_is_kept(office: Office):
    admin = office.browser("admin")
    secret = link_in(admin.act("/people", {**NEW, "role": "reviewer"})).rpartition("/")[2]
    person = number_of(office, "li.si")
    assert secret not in admin.get(f"/people/{person}").text
    with office.database.reading() as session:
        kept = session.scalars(select(Invitation.token_hash)).all()
        assert secret not in "".join(kept)
        told = session.scalars(select(AuditEntry.detail)).all()
        assert secret not in str(told)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"login": "shen"}, "换一个登录名"),
        ({"login": "SHEN "}, "换一个登录名"),
        ({"login": "a"}, "2 到 64"),
        ({"login": "a b"}, "2 到 64"),
        ({"login": "a" * 65}, "2 到 64"),
        ({"login": "a\0b"}, "2 到 64"),
        ({"name": " "}, "姓名"),
        ({"name": "长" * 101}, "姓名"),
        ({"name": "李\0四"}, "姓名"),
        ({"role": "king"}, "请选择角色"),
        ({"role": ""}, "请选择角色"),
        ({"role": "submitter", "company": ""}, "请选择单位"),
        ({"role": "submitter", "company": "999"}, "请选择单位"),
        ({"role": "submitter", "company": "99999999999999999999"}, "请选择单位"),
        ({"role": "submitter", "company": "一"}, "请选择单位"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_stays(
    either_office: Office, change, reason: str
):
    admin = either_office.browser("admin")
    form = {**NEW, "name": "张三丰", "role": "reviewer", **change}
    response = admin.act("/people", form)
    assert response.status_code == 422
    assert reason in response.text
    assert "name" in change or "张三丰" in response.text


def test_of_one_login_taken_twice_at_once_one_is_told(either_office: Office):
    browsers = [either_office.browser("admin") for _ in range(4)]
    statuses = []
    threads = [
        threading.Thread(
            target=lambda b=b: statuses.append(
                b.act("/people", {**NEW, "role": "chief"}).status_code
            )
        )
        for b in browsers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 422, 422, 422]


def test_role_name_and_company_are_changed_and_the_change_is_on_record(either_office: Office):
    admin = either_office.browser("admin")
    shen = number_of(either_office, "shen")
    submitter = either_office.browser("shen")
    response = admin.act(f"/people/{shen}", {"name": "沈一", "role": "reviewer"})
    assert response.status_code == 200
    with either_office.database.reading() as session:
        person = session.get_one(Person, shen)
        assert (person.name, person.role, person.company_id) == ("沈一", Role.REVIEWER, None)
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert last.action == "person.changed"
        assert last.detail["role"] == ["submitter", "reviewer"]
    assert submitter.get("/submissions/new").status_code == 403  # at once, in an open session
    assert admin.act(f"/people/{shen}", {"name": "沈一", "role": "submitter"}).status_code == 422


def test_a_submitter_moved_to_another_company_no_longer_sees_the_first(office: Office):
    number = office.submit("shen")
    browser, shen = office.browser("shen"), number_of(office, "shen")
    form = {"name": "shen", "role": "submitter", "company": company_of(office, "sun")}
    office.browser("admin").act(f"/people/{shen}", form)
    assert browser.get(f"/submissions/{number}/revise").status_code == 404


def test_a_deactivated_person_is_out_at_once_and_for_good(either_office: Office):
    office = either_office
    wang, browser, token = number_of(office, "wang"), office.browser("wang"), office.token("wang")
    admin = office.browser("admin")
    link = link_in(admin.act(f"/people/{wang}/link"))
    bearer = {"authorization": f"Bearer {token}"}
    assert office.browser().get("/api/v1/me", headers=bearer).status_code == 200
    admin.act(f"/people/{wang}/deactivate")

    def is_out() -> bool:
        stranger = office.browser()
        answers = [
            browser.get("/account", follow_redirects=False).status_code == 303,
            stranger.get("/api/v1/me", headers=bearer).status_code == 401,
            stranger.get(link).status_code == 404,
        ]
        return all(answers)

    assert is_out()
    refused = office.browser().post("/login", data={"login": "wang", "password": PASSWORD})
    assert refused.status_code == 403
    admin.act(f"/people/{wang}/reactivate")
    assert is_out()  # what was ended does not come back to life
    assert office.browser("wang").get("/account").status_code == 200


def test_a_password_reset_by_link_ends_the_tokens_and_that_is_on_record(office: Office):
    bearer = {"authorization": f"Bearer {office.token('wang')}"}
    link = link_in(office.browser("admin").act(f"/people/{number_of(office, 'wang')}/link"))
    assert office.browser().get("/api/v1/me", headers=bearer).status_code == 200
    new = "晴空一鹤排云上啊啊啊"
    assert office.browser().post(link, data={"password": new, "again": new}).status_code == 200
    assert office.browser().get("/api/v1/me", headers=bearer).status_code == 401
    assert actions(office)[-3:] == ["password.set", "token.revoked", "sign_in"]


def test_a_deactivated_person_gets_no_link(office: Office):
    admin, wang = office.browser("admin"), number_of(office, "wang")
    admin.act(f"/people/{wang}/deactivate")
    assert admin.act(f"/people/{wang}/link").status_code == 409


def test_a_new_link_voids_the_last_and_resets_the_password(either_office: Office):
    admin, wang = either_office.browser("admin"), number_of(either_office, "wang")
    browser = either_office.browser("wang")
    first = link_in(admin.act(f"/people/{wang}/link"))
    second = link_in(admin.act(f"/people/{wang}/link"))
    assert browser.get(first).status_code == 404
    form = {"password": "another long one", "again": "another long one"}
    assert either_office.browser().post(second, data=form).status_code == 200
    assert browser.get("/account", follow_redirects=False).status_code == 303
    refused = either_office.browser().post("/login", data={"login": "wang", "password": PASSWORD})
    assert refused.status_code == 403


def test_an_admin_ends_any_token_of_its_owner_and_no_other(either_office: Office):
    token = either_office.token("wang", Scope.READ)
    wang, zhao = number_of(either_office, "wang"), number_of(either_office, "zhao")
    with either_office.database.reading() as session:
        number = session.scalars(select(ApiToken.id)).one()
    admin = either_office.browser("admin")
    assert admin.act(f"/people/{zhao}/tokens/{number}/revoke").status_code == 404
    assert "吊销" in admin.get(f"/people/{wang}").text
    assert admin.act(f"/people/{wang}/tokens/{number}/revoke").status_code == 200
    bearer = {"authorization": f"Bearer {token}"}
    assert either_office.browser().get("/api/v1/me", headers=bearer).status_code == 401
    assert actions(either_office)[-1] == "token.revoked"


def test_an_admin_keeps_the_own_role_and_account(either_office: Office):
    admin, own = either_office.browser("admin"), number_of(either_office, "admin")
    assert admin.act(f"/people/{own}", {"name": "管", "role": "auditor"}).status_code == 409
    assert admin.act(f"/people/{own}/deactivate").status_code == 409
    assert admin.act(f"/people/{own}", {"name": "管大人", "role": "admin"}).status_code == 200
    assert either_office.identity("admin").name == "管大人"


@pytest.mark.parametrize("how", ["deactivate", "demote", "both"])
def test_two_admins_who_end_each_other_at_once_leave_one(either_office: Office, how: str):
    office = either_office
    with office.database.writing() as session:
        people.add(
            session,
            office.identity("admin"),
            "second",
            Post("乙", Role.ADMIN, None),
            office.settings.web,
        )
    first, second = office.identity("admin"), office.identity("second")
    told: list[str] = []
    start = threading.Barrier(2)

    def end(by, of, demote: bool) -> None:
        start.wait()
        try:
            with office.database.writing() as session:
                if demote:
                    people.change(session, by, of.person_id, Post("甲", Role.AUDITOR, None))
                else:
                    people.deactivate(session, by, of.person_id)
        except Problem as problem:
            told.append(str(problem))

    demotes = {"deactivate": (False, False), "demote": (True, True), "both": (True, False)}[how]
    threads = [
        threading.Thread(target=end, args=(first, second, demotes[0])),
        threading.Thread(target=end, args=(second, first, demotes[1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with office.database.reading() as session:
        admins = select(func.count()).where(Person.role == Role.ADMIN, Person.is_active)
        assert session.scalar(admins) == 1
    assert len(told) == 1
    assert "至少要有一位" in told[0]


def test_the_last_admin_stays_even_if_another_who_was_admin_asks(office: Office):
    """Its role was taken while the request was on its way."""
    with office.database.writing() as session, pytest.raises(Conflict, match="至少要有一位"):
        people.deactivate(session, office.identity("zhao"), number_of(office, "admin"))


def test_companies_are_added_and_renamed(either_office: Office):
    admin = either_office.browser("admin")
    page = admin.act("/companies", {"name": "  北方　 广告有限公司 "})
    assert "北方 广告有限公司" in page.text
    again = admin.act("/companies", {"name": "北方 广告有限公司"})
    assert again.status_code == 422
    assert "已有同名的单位" in again.text
    with either_office.database.reading() as session:
        made = session.scalars(select(Company).where(Company.name == "北方 广告有限公司")).one()
    taken = admin.act(f"/companies/{made.id}", {"name": "江南日用品有限公司"})
    assert taken.status_code == 422
    assert admin.act(f"/companies/{made.id}", {"name": "北方传媒"}).status_code == 200
    assert "北方传媒" in admin.get("/companies?words=传媒").text
    assert actions(either_office)[-1] == "company.renamed"
    for wrong in ("", "长" * 201, "甲\0乙", "\u202e"):
        assert admin.act("/companies", {"name": wrong}).status_code == 422
    for number in ("0", "99999", "99999999999999999999"):
        assert admin.act(f"/companies/{number}", {"name": "某某"}).status_code in (404, 422)


def test_lists_filter_and_say_when_nothing_matches(office: Office):
    admin = office.browser("admin")

    def logins(query: str) -> list[str]:
        return re.findall(
            r'data-label="登录名"><a href="/people/\d+">([^<]+)<',
            admin.get(f"/people?{query}").text,
        )

    assert logins("") == sorted(["shen", "sun", "wang", "zhao", "qian", "audit", "admin"])
    assert logins("words=S") == ["shen", "sun"]
    assert logins("role=chief") == ["qian", "zhao"]
    assert logins(f"company={company_of(office, 'sun')}") == ["sun"]
    assert logins("status=inactive") == []
    assert "没有符合条件的人员" in admin.get("/people?words=%25").text
    assert "没有符合条件的单位" in admin.get("/companies?words=_").text
    assert admin.get("/people?page=0").status_code == 422
    assert admin.get("/people?company=999999999999999&role=x&status=y").status_code == 200


def test_long_lists_have_pages(office: Office):
    identity = office.identity("admin")
    with office.database.writing() as session:
        for number in range(60):
            people.add_company(session, identity, f"公司 {number:02}")
    admin = office.browser("admin")
    first = admin.get("/companies").text
    assert "第 1 页，共 2 页" in first
    assert "page=2" in first
    assert "第 2 页，共 2 页" in admin.get("/companies?page=2").text


def test_an_unknown_person_is_not_there(office: Office):
    admin = office.browser("admin")
    for number in ("0", "-1", "9999", "99999999999999999999"):
        assert admin.get(f"/people/{number}").status_code == 404
        assert admin.act(f"/people/{number}/deactivate").status_code == 404


def test_the_cookie_of_a_person_whose_session_was_ended_is_dead(office: Office):
    wang, zhao = office.browser("wang"), office.browser("wang")
    office.browser("admin").act(f"/people/{number_of(office, 'wang')}/deactivate")
    for browser in (wang, zhao):
        assert COOKIE in browser.cookies
        assert browser.get("/account", follow_redirects=False).status_code == 303
