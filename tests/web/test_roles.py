"""Every route for every role: each cell of the table is really requested."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from adscan.web.gate import COOKIE
from adscan.web.kept.clock import now
from adscan.web.kept.states import Role, Scope
from adscan.web.kept.tables import ApiToken, Company, Comparison, Person, SignIn, Submission
from adscan.web.people.sign_in import add_person, begin, create_token, invite, secret_hash
from tests.web.office import Browser, Office, settings_for
from tests.web.role_table import LINES, LOGINS, PUBLIC, ROLES, Line, rendered

DOCUMENT = Path(__file__).parents[2] / "docs" / "roles.md"
LET_IN = {
    200,
    201,
    204,
    303,
    409,
    422,
}  # done, or refused for what was sent and not for who sent it
STRANGER = "-"
FOREIGN_ORIGIN = {"origin": "https://elsewhere.example"}


@dataclass
class Case:
    """An office with a submission of two companies, and what stands in the paths."""

    office: Office
    own: dict[str, str]  # of the submitter's company
    foreign: dict[str, str]
    common: dict[str, str]
    tokens: dict[str, str]  # by role: a token with all scopes
    own_tokens: dict[str, str]  # by role: the number of a token

    def browser(self, role: str) -> tuple[Browser, str]:
        """A fresh browser of that role, and its CSRF token."""
        browser = self.office.browser()
        if role == STRANGER:
            return browser, ""
        with self.office.database.writing() as session:
            person = session.scalars(select(Person).where(Person.login == LOGINS[role])).one()
            secret = begin(session, person, self.office.settings.web)
            session.flush()
            csrf = session.get_one(SignIn, secret_hash(secret)).csrf
        browser.cookies.set(COOKIE, secret)
        return browser, csrf

    def url(self, line: Line, role: str, of: dict[str, str]) -> str:
        values = {**self.common, **of, "own_token_id": self.own_tokens.get(role, "1")}
        values.update({name: values[source] for name, source in line.values.items()})
        return line.path.format(**values) if line.path != "/static" else "/static/app.css"

    def ask(self, line: Line, role: str, of: dict[str, str], headers: dict[str, str] | None = None):
        """A request as a role, by browser or by token as the line has it."""
        browser, csrf = self.browser(STRANGER if line.is_api else role)
        given = {"X-CSRF-Token": csrf} if csrf else {}
        if line.is_api and role in self.tokens:
            given["authorization"] = f"Bearer {self.tokens[role]}"
        return self.send(
            browser, line, self.url(line, role, of), given if headers is None else headers
        )

    @staticmethod
    def send(browser: Browser, line: Line, url: str, headers: dict[str, str]) -> Any:
        body: dict[str, Any] = {}
        if line.json is not None:
            body["json"] = line.json
        elif line.form is not None:
            body["data"] = line.form
        return browser.request(line.method, url, headers=headers, follow_redirects=False, **body)


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Iterator[Case]:
    office = Office(settings_for(tmp_path_factory.mktemp("roles") / "service"))
    words = {"files": [("creatives", ("a.txt", "零风险，稳赚不赔。".encode()))]}
    own = office.submit("shen", **words)
    foreign = office.submit("sun", **words)
    assert office.work() == 2
    with office.database.writing() as session:
        ghost = add_person(session, "系统", "ghost", "ghost", Role.REVIEWER, None)
        secret = invite(session, ghost, office.settings.web)
        sha256 = office.files.put(b"picture")
        pictures = {
            "text:0": {"sha256": sha256, "width": 9.0, "height": 9.0, "units_per_pixel": 1.0}
        }
        places = []
        for number in (own, foreign):
            version = session.get_one(Submission, number).latest
            version.pictures = pictures
            comparison = Comparison(
                version_id=version.id, text="x", files=[], created_at=now(),
                created_by_id=office.identity("wang").person_id,
                pictures=pictures,
            )  # fmt: skip
            session.add(comparison)
            session.flush()
            places.append(
                {
                    "submission_id": str(number),
                    "finding_id": str(version.findings[0].id),
                    "file_id": str(version.files[0].id),
                    "comparison_id": str(comparison.id),
                }
            )
        common = {
            "number": "1", "part": "text:0", "person_id": str(ghost.id), "secret": secret,
            "company_id": str(session.scalars(select(Company.id)).first()),
            "name": "submissions", "ending": "csv",
        }  # fmt: skip
    tokens = {role: office.token(login) for role, login in LOGINS.items()}
    with office.database.writing() as session:
        create_token(session, office.identity("ghost"), "ghost", [Scope.READ], 1)
        own_tokens = {}
        for role, login in LOGINS.items():
            create_token(session, office.identity(login), "to be revoked", [Scope.READ], 1)
            query = select(ApiToken.id).where(
                ApiToken.person_id == office.identity(login).person_id
            )
            own_tokens[role] = str(max(session.scalars(query)))
        ghosts = select(ApiToken.id).where(ApiToken.person_id == ghost.id)
        common["token_id"] = str(session.scalars(ghosts).one())
    yield Case(office, *places, common, tokens, own_tokens)
    office.close()


def all_routes(routes, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of everything that the application answers."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from all_routes(inner.routes, prefix + route.include_context.prefix)
            continue
        for method in getattr(route, "methods", None) or {"GET"}:
            if method != "HEAD":
                yield method, prefix + route.path


def test_every_route_stands_in_the_table_and_every_line_has_its_route(case: Case):
    present = set(all_routes(case.office.app.routes))
    listed = {line.key for line in LINES}
    assert len(LINES) == len(listed)
    assert present - listed == set(), "routes that the table does not name"
    assert listed - present == set(), "lines of the table without a route"


def test_the_walk_sees_the_routes_that_the_description_names(case: Case):
    """Else a route might be missed by walk and table alike."""
    described = {
        (method.upper(), path)
        for path, methods in case.office.app.openapi()["paths"].items()
        for method in methods
    }
    assert described <= set(all_routes(case.office.app.routes))


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.method} {line.path}")
def test_each_role_gets_what_the_table_says(case: Case, line: Line):
    for role in (STRANGER, *ROLES):
        response = case.ask(line, role, case.own)
        told = f"{line.method} {line.path} as {role}: {response.status_code} {response.text[:300]}"
        if line.who == PUBLIC:
            assert response.status_code in LET_IN | {403, 429, 503}, told
            assert not _is_to_sign_in(response), told
        elif role == STRANGER:
            assert _is_to_sign_in(response) or response.status_code == 401, told
        elif role in line.who:
            assert response.status_code in LET_IN, told
            assert not _is_to_sign_in(response), told
        else:
            assert response.status_code == line.refusal, told


OF_SUBMISSIONS = [line for line in LINES if line.is_of_a_submission]


@pytest.mark.parametrize("line", OF_SUBMISSIONS, ids=lambda line: f"{line.method} {line.path}")
def test_another_companys_submission_is_not_there(case: Case, line: Line):
    for role in ROLES:
        response = case.ask(line, role, case.foreign)
        told = f"{line.method} {line.path} as {role}: {response.status_code} {response.text[:300]}"
        if role not in line.who:
            assert response.status_code == 403, told
        elif role == "S":
            assert response.status_code == 404, told
            missing = case.ask(line, role, {**case.foreign, "submission_id": "999999"})
            assert _words(response) == _words(missing), "tells that it is there"
        else:
            assert response.status_code in LET_IN, told


@pytest.mark.parametrize(
    "line",
    [line for line in OF_SUBMISSIONS if re.search(r"\{(file|finding)_id\}", line.path)],
    ids=lambda line: f"{line.method} {line.path}",
)
def test_parts_of_one_submission_are_not_reached_through_another(case: Case, line: Line):
    mixed = {**case.foreign, "submission_id": case.own["submission_id"]}
    for role in line.who:
        assert case.ask(line, role, mixed).status_code == 404


UNSAFE = [line for line in LINES if line.changes and not line.is_api]


@pytest.mark.parametrize("line", UNSAFE, ids=lambda line: f"{line.method} {line.path}")
def test_nothing_is_changed_on_behalf_of_another_site(case: Case, line: Line):
    role = STRANGER if line.who == PUBLIC else line.who[0]
    browser, csrf = case.browser(role)
    url = case.url(line, role, case.own)
    for headers in (FOREIGN_ORIGIN, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        refused = case.send(browser, line, url, {"X-CSRF-Token": csrf, **headers})
        assert refused.status_code == 403
        assert "别的网站" in refused.text


@pytest.mark.parametrize(
    "line",
    [line for line in UNSAFE if line.who != PUBLIC],
    ids=lambda line: f"{line.method} {line.path}",
)
def test_nothing_is_changed_without_the_sessions_own_token(case: Case, line: Line):
    role = line.who[0]
    _, of_another = case.browser(role)
    browser, _ = case.browser(role)
    url = case.url(line, role, case.own)
    for headers in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": of_another}, {"X-CSRF-Token": "é"}):
        raw = {name: value.encode("latin-1") for name, value in headers.items()}
        refused = case.send(browser, line, url, raw)
        assert refused.status_code == 403, (headers, refused.text[:200])
        assert "来源不明" in refused.text


PROGRAMS = [line for line in LINES if line.is_api]


@pytest.mark.parametrize("line", PROGRAMS, ids=lambda line: f"{line.method} {line.path}")
def test_a_token_needs_the_scope_that_the_table_names(case: Case, line: Line):
    role = line.who[0]
    login, url = LOGINS[role], case.url(line, role, case.own)
    with_it = case.office.token(login, Scope(line.scope))
    others = [scope for scope in Scope if scope is not Scope(line.scope)]
    without = case.office.token(login, *others)
    for secret, expected in ((with_it, LET_IN), (without, {line.refusal})):
        headers = {"authorization": f"Bearer {secret}"}
        response = case.send(case.office.browser(), line, url, headers)
        assert response.status_code in expected, response.text[:300]


@pytest.mark.parametrize("line", PROGRAMS, ids=lambda line: f"{line.method} {line.path}")
def test_the_api_takes_no_cookie_and_no_made_up_token(case: Case, line: Line):
    browser, csrf = case.browser(line.who[0])
    url = case.url(line, line.who[0], case.own)
    for headers in (
        {"X-CSRF-Token": csrf},
        {"authorization": "Bearer adscan_made-up"},
        {"authorization": f"Basic {case.tokens[line.who[0]]}"},
        {"authorization": "Bearer"},
    ):
        response = case.send(browser, line, url, headers)
        assert response.status_code == 401, (headers, response.text[:300])


@pytest.mark.parametrize(
    "line",
    [line for line in LINES if not line.is_api and line.who != PUBLIC],
    ids=lambda line: f"{line.method} {line.path}",
)
def test_pages_take_no_token(case: Case, line: Line):
    role = line.who[0]
    headers = {"authorization": f"Bearer {case.tokens[role]}"}
    browser = case.office.browser()
    response = case.send(browser, line, case.url(line, role, case.own), headers)
    assert response.status_code == 401 or _is_to_sign_in(response)


def test_the_auditor_can_change_nothing_but_the_own_account():
    changing = [line.path for line in LINES if line.changes and "A" in line.who]
    assert all(path.startswith("/account/") or path == "/logout" for path in changing)


def test_the_admin_reaches_no_submission():
    assert not [line.path for line in OF_SUBMISSIONS if "M" in line.who]


def test_document_says_what_the_table_says():
    assert DOCUMENT.read_text("utf-8") == rendered(), (
        "python -m tests.web.role_table > docs/roles.md"
    )


def _is_to_sign_in(response) -> bool:
    return response.status_code == 303 and response.headers["location"].startswith("/login?next=")


def _words(response) -> str:
    """What is told, without the numbers that were asked for."""
    told = re.search(r"<main.*</main>", response.text, re.DOTALL)
    return re.sub(r"\d+", "", told[0] if told else response.text)
