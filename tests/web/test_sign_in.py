"""Signing in: passwords, throttling, sessions, one-time links, tokens."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from urllib.parse import unquote

import pytest
from sqlalchemy import func, select, update

from adscan.web.gate import COOKIE
from adscan.web.kept.states import Role, Scope
from adscan.web.kept.tables import ApiToken, AuditEntry, Invitation, Person, SignIn, SignInFailure
from adscan.web.people import sign_in, throttle
from adscan.web.people.sign_in import create_token, invite, secret_hash
from adscan.web.problems import BadInput
from tests.web.office import PASSWORD, Browser, Office, settings_for

GOOD = "a long enough phrase"


def try_to_sign_in(office: Office, login: str, password: str, **more):
    return office.browser().post(
        "/login", data={"login": login, "password": password}, follow_redirects=False, **more
    )


def from_address(office: Office, address: str) -> Browser:
    return Browser(office.app, base_url="http://testserver", client=(address, 5000))


def age(office: Office, seconds: float, table=SignInFailure, column: str = "last_at") -> None:
    """As if all rows were so much older."""
    with office.database.writing() as session:
        for row in session.scalars(select(table)):
            setattr(row, column, getattr(row, column) - timedelta(seconds=seconds))


# --- passwords and throttling ---


def test_right_password_lets_in_and_a_wrong_one_does_not(either_office: Office):
    assert try_to_sign_in(either_office, "wang", PASSWORD).status_code == 303
    assert try_to_sign_in(either_office, " WANG ", PASSWORD).status_code == 303
    for login, password in (("wang", "wrong"), ("wang", ""), ("", ""), ("nobody", PASSWORD)):
        refused = try_to_sign_in(either_office, login, password)
        assert refused.status_code == 403
        assert "登录名或密码不对" in refused.text
        assert COOKIE not in refused.cookies
    with either_office.database.reading() as session:
        failed = select(func.count()).where(AuditEntry.action == "sign_in.failed")
        assert session.scalar(failed) == 4


def test_unknown_and_inactive_people_are_told_the_same_as_a_wrong_password(office: Office):
    with office.database.writing() as session:
        session.execute(update(Person).where(Person.login == "wang").values(is_active=False))
        session.execute(update(Person).where(Person.login == "zhao").values(password_hash=None))
    pages = [try_to_sign_in(office, login, PASSWORD) for login in ("wang", "zhao", "nobody")]
    pages.append(try_to_sign_in(office, "qian", "wrong"))
    assert {page.status_code for page in pages} == {403}
    texts = {
        page.text.replace(login, "")
        for page, login in zip(pages, ("wang", "zhao", "nobody", "qian"), strict=True)
    }
    assert len(texts) == 1


@pytest.mark.parametrize(
    "login",
    ["a\0b", "\ud800".encode("utf-8", "surrogatepass"), b"\xff", "x" * 5000, "%", "'", "操作"],
)
def test_no_login_name_is_a_fault_of_ours(either_office: Office, login):
    assert try_to_sign_in(either_office, login, PASSWORD).status_code == 403
    assert try_to_sign_in(either_office, "wang", login).status_code == 403


def test_after_five_failures_each_doubles_the_wait(either_office: Office):
    office = either_office
    for _ in range(throttle.FREE_TRIES):
        assert try_to_sign_in(office, "wang", "wrong").status_code == 403
    for wait in (15, 30, 60):
        refused = try_to_sign_in(office, "wang", PASSWORD)  # even the right one
        assert refused.status_code == 429
        assert f"请 {wait} 秒后再试" in refused.text
        age(office, wait - 2)
        assert try_to_sign_in(office, "wang", PASSWORD).status_code == 429
        age(office, 3)
        assert try_to_sign_in(office, "wang", "wrong").status_code == 403
    age(office, 10_000)
    assert try_to_sign_in(office, "wang", PASSWORD).status_code == 303


def test_the_wait_has_an_end(office: Office):
    for _ in range(throttle.FREE_TRIES + 15):
        try_to_sign_in(office, "wang", "wrong")
        age(office, throttle.LONGEST_WAIT_S + 1)
    try_to_sign_in(office, "wang", "wrong")
    age(office, throttle.LONGEST_WAIT_S - 60)
    assert try_to_sign_in(office, "wang", PASSWORD).status_code == 429
    age(office, 61)
    assert try_to_sign_in(office, "wang", PASSWORD).status_code == 303


def test_a_throttled_api_of_the_dialog_says_when_to_come_back(office: Office):
    for _ in range(throttle.FREE_TRIES):
        try_to_sign_in(office, "wang", "wrong", headers={"x-in-place": "1"})
    refused = try_to_sign_in(office, "wang", PASSWORD, headers={"x-in-place": "1"})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 15


def test_one_name_throttled_leaves_the_others_alone(office: Office):
    for _ in range(throttle.FREE_TRIES + 1):
        try_to_sign_in(office, "wang", "wrong")
    assert try_to_sign_in(office, "zhao", PASSWORD).status_code == 303


def test_an_address_that_tries_many_names_is_throttled_and_other_addresses_are_not(office: Office):
    spray = from_address(office, "203.0.113.9")
    for number in range(throttle.FREE_OF_ADDRESS):
        page = spray.post("/login", data={"login": f"name{number}", "password": "wrong"})
        assert page.status_code == 403
    form = {"login": "wang", "password": PASSWORD}
    assert spray.post("/login", data=form).status_code == 429
    elsewhere = from_address(office, "203.0.113.10")
    assert elsewhere.post("/login", data=form, follow_redirects=False).status_code == 303


def test_signing_in_now_and_then_gives_no_more_guesses(office: Office):
    """Somebody with an account of their own guesses at others'."""
    browser = from_address(office, "203.0.113.9")
    refused = 0
    for number in range(2 * throttle.FREE_OF_ADDRESS):
        page = browser.post("/login", data={"login": f"name{number}", "password": "wrong"})
        refused += page.status_code == 429
        browser.post("/login", data={"login": "wang", "password": PASSWORD})
    assert refused >= throttle.FREE_OF_ADDRESS - 2


def test_success_makes_the_name_clean_again(office: Office):
    for _ in range(3):
        for _ in range(throttle.FREE_TRIES - 1):
            assert try_to_sign_in(office, "wang", "wrong").status_code == 403
        assert try_to_sign_in(office, "wang", PASSWORD).status_code == 303


def test_many_guesses_at_once_are_no_more_than_one_after_the_other(either_office: Office):
    statuses: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: statuses.append(
                try_to_sign_in(either_office, "wang", "wrong").status_code
            )
        )
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [403] * throttle.FREE_TRIES + [429] * (16 - throttle.FREE_TRIES)


def test_old_failures_are_swept_away(office: Office):
    try_to_sign_in(office, "nobody", "wrong")
    age(office, 4000)
    try_to_sign_in(office, "wang", "wrong")
    with office.database.reading() as session:
        assert {row.key for row in session.scalars(select(SignInFailure))} == {
            "login:wang",
            "address:testclient",
        }


def test_hashing_a_password_keeps_no_one_else_waiting(office: Office, monkeypatch):
    """On SQLite one writer at a time: the slow part must not be inside."""
    office.browser("wang")
    inside = threading.Event()

    class Slow:
        def verify(self, stored: str, password: str) -> bool:
            inside.set()
            time.sleep(2)
            return False

    monkeypatch.setattr(sign_in, "_HASHER", Slow())
    guess = threading.Thread(target=try_to_sign_in, args=(office, "wang", "wrong"))
    guess.start()
    assert inside.wait(5)
    began = time.monotonic()
    with office.database.writing() as session:
        session.execute(update(Person).values(is_active=True))
    assert time.monotonic() - began < 1
    guess.join()


@pytest.mark.parametrize(
    ("password", "again", "reason"),
    [
        ("short", "short", "10 到 200"),
        ("x" * 201, "x" * 201, "10 到 200"),
        ("abcabcabcabc", "abcabcabcabc", "太容易猜|少数几个重复"),
        (GOOD, GOOD + "!", "两次输入的密码不同"),
        ("", "", "10 到 200"),
    ],
)
def test_weak_passwords_are_refused_with_a_word(either_office: Office, password, again, reason):
    browser = either_office.browser("wang")
    page = browser.act("/account/password", {"old": PASSWORD, "password": password, "again": again})
    assert page.status_code == 422
    assert any(word in page.text for word in reason.split("|"))
    assert try_to_sign_in(either_office, "wang", PASSWORD).status_code == 303


def test_the_login_name_is_no_password(office: Office):
    with office.database.writing() as session:
        session.execute(update(Person).where(Person.login == "wang").values(login="wang.xiaoming"))
    browser = office.browser("wang.xiaoming")
    form = {"old": PASSWORD, "password": "Wang.Xiaoming", "again": "Wang.Xiaoming"}
    assert browser.act("/account/password", form).status_code == 422


def test_changing_the_password_ends_all_other_sessions(either_office: Office):
    here, there = either_office.browser("wang"), either_office.browser("wang")
    form = {"old": PASSWORD, "password": GOOD, "again": GOOD}
    assert here.act("/account/password", {**form, "old": "wrong"}).status_code == 422
    assert here.act("/account/password", form).status_code == 200
    assert here.get("/account", follow_redirects=False).status_code == 200
    assert there.get("/account", follow_redirects=False).status_code == 303
    assert try_to_sign_in(either_office, "wang", PASSWORD).status_code == 403
    assert try_to_sign_in(either_office, "wang", GOOD).status_code == 303


def test_guessing_the_old_password_in_an_open_session_is_throttled(office: Office):
    browser = office.browser("wang")
    for _ in range(throttle.FREE_TRIES):
        assert (
            browser.act(
                "/account/password", {"old": "wrong", "password": GOOD, "again": GOOD}
            ).status_code
            == 422
        )
    form = {"old": PASSWORD, "password": GOOD, "again": GOOD}
    assert browser.act("/account/password", form).status_code == 429


def test_passwords_are_kept_as_argon2id_and_secrets_as_hashes(office: Office):
    browser = office.browser("wang")
    with office.database.reading() as session:
        person = session.scalars(select(Person).where(Person.login == "wang")).one()
        assert person.password_hash.startswith("$argon2id$")
        assert browser.cookies[COOKIE] not in [
            one.token_hash for one in session.scalars(select(SignIn))
        ]
        assert session.get(SignIn, secret_hash(browser.cookies[COOKIE])) is not None


# --- browser sessions ---


def test_the_sessions_cookie_is_out_of_reach_of_scripts_and_other_sites(office: Office):
    cookie = try_to_sign_in(office, "wang", PASSWORD).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert "Max-Age" not in cookie  # it ends with the browser
    safe = Browser(office.app, base_url="https://testserver")
    form = {"login": "wang", "password": PASSWORD}
    secure = safe.post("/login", data=form, follow_redirects=False).headers["set-cookie"]
    assert "Secure" in secure


def test_each_sign_in_has_a_secret_of_its_own(office: Office):
    """None that was there before can be foisted on anybody."""
    browser = office.browser()
    browser.cookies.set(COOKIE, "chosen-by-somebody-else")
    browser.post("/login", data={"login": "wang", "password": PASSWORD})
    secrets = {cookie.value for cookie in browser.cookies.jar if cookie.name == COOKIE}
    assert "chosen-by-somebody-else" not in secrets or len(secrets) > 1
    with office.database.reading() as session:
        assert session.get(SignIn, secret_hash("chosen-by-somebody-else")) is None


def test_a_session_ends_after_its_hours_even_in_use(either_office: Office):
    browser = either_office.browser("wang")
    age(either_office, 12 * 3600 - 60, SignIn, "expires_at")
    assert browser.get("/account", follow_redirects=False).status_code == 200
    age(either_office, 61, SignIn, "expires_at")
    assert browser.get("/account", follow_redirects=False).status_code == 303


def test_an_idle_session_ends(either_office: Office):
    browser = either_office.browser("wang")
    age(either_office, 119 * 60, SignIn, "seen_at")
    assert browser.get("/account", follow_redirects=False).status_code == 200  # in use again
    age(either_office, 119 * 60, SignIn, "seen_at")
    assert browser.get("/account", follow_redirects=False).status_code == 200
    age(either_office, 121 * 60, SignIn, "seen_at")
    assert browser.get("/account", follow_redirects=False).status_code == 303


def test_signing_out_ends_the_session_itself_and_not_just_the_cookie(either_office: Office):
    browser = either_office.browser("wang")
    secret = browser.cookies[COOKIE]
    assert browser.act("/logout", follow_redirects=False).status_code == 303
    assert COOKIE not in browser.cookies
    browser.cookies.set(COOKIE, secret)
    assert browser.get("/account", follow_redirects=False).status_code == 303


def test_signing_out_of_one_browser_leaves_the_other(office: Office):
    here, there = office.browser("wang"), office.browser("wang")
    here.act("/logout")
    assert there.get("/account", follow_redirects=False).status_code == 200


@pytest.mark.parametrize("secret", ["", "x", "é", "a" * 5000, "' or 1=1 --"])
def test_a_made_up_cookie_is_nobody(either_office: Office, secret: str):
    headers = {"cookie": f"{COOKIE}={secret}".encode()}
    page = either_office.browser().get("/account", headers=headers, follow_redirects=False)
    assert page.status_code == 303


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("/account", "/account"),
        ("/?state=open&words=江南", "/?state=open&words=江南"),
        ("/submissions/3#finding-2", "/submissions/3#finding-2"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("\\\\elsewhere.example", "/"),
        ("/\t/elsewhere.example", "/"),
        ("/\n/elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("elsewhere.example", "/"),
        ("", "/"),
        ("/login", "/"),
        ("/ok\r\nSet-Cookie: a=b", "/"),
    ],
)
def test_after_signing_in_nobody_is_led_elsewhere(office: Office, target: str, lands: str):
    form = {"login": "wang", "password": PASSWORD, "next": target}
    posted = office.browser().post("/login", data=form, follow_redirects=False)
    assert unquote(posted.headers["location"]) == lands
    signed_in = office.browser("wang")
    got = signed_in.get("/login", params={"next": target}, follow_redirects=False)
    assert unquote(got.headers["location"]) == lands
    by_script = signed_in.get("/login", params={"next": target}, headers={"hx-request": "true"})
    assert unquote(by_script.headers["hx-redirect"]) == lands


def test_who_is_sent_to_sign_in_comes_back_to_the_page(office: Office):
    stranger = office.browser()
    sent = stranger.get("/?state=open&words=江南", follow_redirects=False)
    page = stranger.get(sent.headers["location"])
    assert 'name="next" value="/?state=open&amp;words=%E6%B1%9F%E5%8D%97"' in page.text


def test_the_dialog_in_place_gets_the_new_token(office: Office):
    browser = office.browser()
    form = {"login": "wang", "password": PASSWORD}
    answer = browser.post("/login", data=form, headers={"x-in-place": "1"})
    assert answer.json()["login"] == "wang"
    assert answer.json()["csrf"] == browser.csrf
    refused = office.browser().post(
        "/login", data={**form, "password": "no"}, headers={"x-in-place": "1"}
    )
    assert refused.status_code == 403
    assert "登录名或密码不对" in refused.json()["detail"]


def test_strangers_may_send_no_more_than_a_form(office: Office):
    page = office.browser().post("/login", data={"login": "x" * 200_000, "password": "y"})
    assert page.status_code in (401, 413)
    assert "登录" in page.text


# --- one-time links ---


def link(office: Office, login: str | None) -> str:
    with office.database.writing() as session:
        query = select(Person).where(Person.login == login)
        person = session.scalars(query).one() if login else None
        return f"/invitations/{invite(session, person, office.settings.web)}"


def accept(office: Office, path: str, **more):
    form = {"password": GOOD, "again": GOOD, **more}
    return office.browser().post(path, data=form, follow_redirects=False)


def test_a_link_works_once(either_office: Office):
    path = link(either_office, "wang")
    assert either_office.browser().get(path).status_code == 200
    assert either_office.browser().get(path).status_code == 200  # looking does not use it up
    assert accept(either_office, path).status_code == 303
    again = accept(either_office, path, password="quite another one", again="quite another one")
    assert again.status_code == 404
    assert "已用过" in again.text
    assert try_to_sign_in(either_office, "wang", GOOD).status_code == 303


def test_a_link_used_twice_at_once_works_once(either_office: Office):
    path = link(either_office, "wang")
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(accept(either_office, path).status_code))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 404, 404, 404, 404, 404]


def test_a_link_that_is_too_old_is_void(either_office: Office):
    path = link(either_office, "wang")
    age(either_office, 72 * 3600 + 1, Invitation, "expires_at")
    assert either_office.browser().get(path).status_code == 404
    assert accept(either_office, path).status_code == 404


def test_a_refused_password_leaves_the_link_open(either_office: Office):
    path = link(either_office, "wang")
    assert accept(either_office, path, password="short", again="short").status_code == 422
    assert accept(either_office, path, again="other").status_code == 422
    assert accept(either_office, path).status_code == 303


def test_a_link_of_someone_deactivated_is_void(either_office: Office):
    path = link(either_office, "wang")
    with either_office.database.writing() as session:
        session.execute(update(Person).where(Person.login == "wang").values(is_active=False))
    assert either_office.browser().get(path).status_code == 404
    assert accept(either_office, path).status_code == 404


def test_a_link_resets_the_password_and_ends_all_sessions(either_office: Office):
    browser = either_office.browser("wang")
    accept(either_office, link(either_office, "wang"))
    assert browser.get("/account", follow_redirects=False).status_code == 303
    assert try_to_sign_in(either_office, "wang", PASSWORD).status_code == 403


def test_the_first_admin_is_made_by_the_first_link_only(tmp_path):
    office = Office(settings_for(tmp_path / "service"))
    with office.database.writing() as session:
        session.execute(update(Person).where(Person.role == Role.ADMIN).values(role=Role.AUDITOR))
    path = link(office, None)
    assert accept(office, path, login="root", name="").status_code == 422
    assert accept(office, path, login="shen", name="已有").status_code == 422
    assert accept(office, path, login="root", name="管理员").status_code == 303
    assert accept(office, path, login="root2", name="又一个").status_code == 404
    assert office.identity("root").role is Role.ADMIN
    late = link(office, None)  # printed before, opened when an admin is there already
    assert accept(office, late, login="root3", name="第三个").status_code == 404
    office.close()


@pytest.mark.parametrize("path", ["/login?next=%00", "/invitations/a%00b", "/%00", "/login?%00=x"])
def test_nul_in_an_address_is_refused_before_any_database(either_office: Office, path: str):
    page = either_office.browser().get(path)
    assert page.status_code == 422
    assert "不能用的字符" in page.text


@pytest.mark.parametrize("secret", ["x", "%FF", "a" * 3000])
def test_a_made_up_link_is_void(either_office: Office, secret: str):
    assert either_office.browser().get(f"/invitations/{secret}").status_code == 404
    assert accept(either_office, f"/invitations/{secret}").status_code in (404, 405)


# --- tokens ---


def ask(office: Office, secret: str, path: str = "/api/v1/me") -> int:
    headers = {"authorization": f"Bearer {secret}"}
    return office.browser().get(path, headers=headers).status_code


def test_a_token_is_shown_once_and_ends_when_revoked(either_office: Office):
    browser = either_office.browser("wang")
    form = {"name": "对接系统", "days": "30", "scopes": ["read"]}
    page = browser.act("/account/tokens", form).text
    secret = page.partition('class="secret">')[2].partition("<")[0]
    assert secret.startswith("adscan_")
    assert secret not in browser.get("/account").text
    assert ask(either_office, secret) == 200
    with either_office.database.reading() as session:
        token = session.scalars(select(ApiToken)).one()
        assert token.token_hash == secret_hash(secret)
        assert len(token.prefix) < 16
    assert browser.act(f"/account/tokens/{token.id}/revoke").status_code == 200
    assert ask(either_office, secret) == 401


def test_a_token_ends_on_its_day(either_office: Office):
    secret = either_office.token("wang")
    age(either_office, 30 * 86400 - 60, ApiToken, "expires_at")
    assert ask(either_office, secret) == 200
    age(either_office, 61, ApiToken, "expires_at")
    assert ask(either_office, secret) == 401


def test_a_token_is_never_more_than_its_owners_present_role(office: Office):
    secret = office.token("wang")
    with office.database.writing() as session:
        session.execute(update(Person).where(Person.login == "wang").values(role=Role.ADMIN))
    assert ask(office, secret, "/api/v1/submissions") == 403
    with office.database.writing() as session:
        session.execute(update(Person).where(Person.login == "wang").values(is_active=False))
    assert ask(office, secret, "/api/v1/submissions") == 401


def test_nobody_revokes_anothers_token_as_their_own(either_office: Office):
    office = either_office
    office.token("wang")
    with office.database.reading() as session:
        number = session.scalars(select(ApiToken.id)).one()
    for wrong in (number, 0, -1, 99999, 10**20):
        assert office.browser("zhao").act(f"/account/tokens/{wrong}/revoke").status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {"name": "", "scopes": ["read"], "days": "30"},
        {"name": "x", "scopes": [], "days": "30"},
        {"name": "x", "scopes": ["read"], "days": "0"},
        {"name": "x", "scopes": ["read"], "days": "367"},
        {"name": "x", "scopes": ["read"], "days": "99999999999999999999999"},
        {"name": "x", "scopes": ["read"], "days": "ever"},
        {"name": "x", "scopes": ["everything"], "days": "30"},
        {"name": "x\0y", "scopes": ["read"], "days": "30"},
    ],
)
def test_a_token_that_cannot_be_is_refused(either_office: Office, form):
    assert either_office.browser("wang").act("/account/tokens", form).status_code == 422
    with either_office.database.reading() as session:
        assert session.scalars(select(ApiToken)).all() == []


def test_a_longer_life_than_a_year_is_refused_below_the_page_too(office: Office):
    with pytest.raises(BadInput), office.database.writing() as session:
        create_token(session, office.identity("wang"), "x", [Scope.READ], 400)


def test_no_page_is_kept_by_the_browser_and_all_have_the_policy(office: Office):
    for browser, path in ((office.browser(), "/login"), (office.browser("wang"), "/account")):
        headers = browser.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
