"""The API keeps to its own description, whatever is thrown at it; and the description is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from adscan.web.kept.states import Role, Scope, State
from adscan.web.kept.tables import Submission
from tests.web.office import Office

PATH = "/api/v1/openapi.json"
CONTRACT = Path(__file__).parents[1] / "report" / "contract.schema.json"
IDS = 6  # so many submissions and findings there are to be hit


@schemathesis.check
def what_keeps_to_the_description_is_never_called_malformed(ctx, response, case):
    """Values of the described form may be refused for what they say, never for their form."""
    is_valid = case.meta is not None and case.meta.generation.mode.is_positive
    if is_valid and response.status_code in (400, 415, 422):
        kind = response.json()["type"].rpartition(":")[2]
        assert kind in {"bad_input", "input"}, response.text


def config(token: str, seed: int, examples: int, max_time: int | None) -> SchemathesisConfig:
    accepted = ["2xx", "401", "403", "404", "409", "422"]  # 422: see the check above
    return SchemathesisConfig.from_dict(
        {
            "seed": seed,
            **({"max-time": max_time} if max_time else {}),
            "continue-on-failure": True,
            "headers": {"Authorization": f"Bearer {token}"},
            "dictionaries": {"ids": {"values": list(range(1, IDS + 1))}, "first": {"values": [1]}},
            "parameters": {"path.number": {"dictionary": "first", "probability": 0.8}},
            "generation": {
                "max-examples": examples,
                "deterministic": True,
                "dictionaries": {"integer": {"dictionary": "ids", "probability": 0.7}},
            },
            "checks": {"positive_data_acceptance": {"expected-statuses": accepted}},
        }
    )


def faults(office: Office, token: str, *, seed: int, examples: int, max_time: int | None = None):
    """What schemathesis finds, and how many requests it made."""
    schema = schemathesis.openapi.from_asgi(
        PATH, office.app, config=config(token, seed, examples, max_time)
    )
    found: set[str] = set()
    count = 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            count += len(event.recorder.interactions)
            found |= set(_failed(event))
        elif isinstance(event, events.NonFatalError | events.FatalError):
            found.add(f"{event.info.format() if hasattr(event, 'info') else event.exception}")
    return sorted(found), count


def _failed(event: events.ScenarioFinished) -> Iterator[str]:
    for case_id, checks in event.recorder.checks.items():
        for check in checks:
            if check.failure_info is None:
                continue
            failure = check.failure_info.failure
            interaction = event.recorder.interactions[case_id]
            request = f"{interaction.request.method} {interaction.request.uri}"
            yield (
                f"{event.label} {check.name}: {failure.title}: {failure.message}\n"
                f"{request} {interaction.request.body!r:.300}\n"
                f"{interaction.response and interaction.response.content!r:.500}\n"
                f"{check.failure_info.code_sample}"
            )


def furnish(office: Office) -> None:
    """Submissions in several states, with findings."""
    for _ in range(4):
        office.submit("shen", "本产品保本保息，年化 12%，零风险。")
    office.work()
    token = office.token("wang")
    client = office.browser()
    client.headers["Authorization"] = f"Bearer {token}"
    for number in (1, 2):
        for one in client.get(f"/api/v1/submissions/{number}/versions/1/findings").json()["items"]:
            judged = {"verdict": "confirmed", "seen": "open"}
            path = f"/api/v1/submissions/{number}/versions/1/findings/{one['id']}"
            assert client.patch(path, json=judged).status_code == 200
        lock = client.get(f"/api/v1/submissions/{number}").json()["lock"]
        sent = {"step": "return", "reason": "请修改", "lock": lock}
        path = f"/api/v1/submissions/{number}/decision"
        assert client.post(path, json=sent).status_code == 200
    office.submit("shen", "安心宝，投资有风险。")
    with office.database.writing() as session:
        session.get_one(Submission, 5).state = State.APPROVED
    assert client.post("/api/v1/compare", json={"number": "5", "text": "a"}).status_code == 202
    office.work()
    office.submit("sun")  # of another company, not yet read


@pytest.mark.parametrize("login", ["shen", "zhao"])
def test_nothing_is_found_against_the_description(office: Office, login: str):
    furnish(office)
    found, count = faults(office, office.token(login), seed=7, examples=6)
    assert not found, "\n\n".join(found)
    assert count > 900


def description(office: Office) -> dict:
    return office.browser().get(PATH).json()


def operations(made: dict) -> Iterator[tuple[str, dict]]:
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_every_operation_says_who_may_use_it_and_what_can_go_wrong(office: Office):
    made = description(office)
    assert len(made["paths"]) >= 13
    for name, operation in operations(made):
        asked = operation["x-permission"]
        assert asked["roles"] and set(asked["roles"]) <= {role.value for role in Role}, name
        assert asked["scopes"] and set(asked["scopes"]) <= {scope.value for scope in Scope}, name
        assert operation["security"] == [{"bearer": []}], name
        assert operation["tags"] and operation["summary"] and operation["description"], name
        for status in ("401", "403", "422"):
            told = operation["responses"][status]["content"]
            assert list(told) == ["application/problem+json"], name


def test_every_operation_refuses_strangers_and_roles_that_are_not_named(office: Office):
    tokens = {role: office.token(login) for login, role in _ONE_OF_EACH.items()}
    client = office.browser()
    for name, operation in operations(description(office)):
        method, path = name.split()
        path = path.format(submission_id=1, number=1, finding_id=1, comparison_id=1)
        assert client.request(method, path).status_code == 401, name
        for role, token in tokens.items():
            bearer = {"Authorization": f"Bearer {token}"}
            status = client.request(method, path, headers=bearer).status_code
            is_named = role.value in operation["x-permission"]["roles"]
            assert (status == 403) is not is_named, (name, role, status)


_ONE_OF_EACH = {
    "shen": Role.SUBMITTER, "wang": Role.REVIEWER, "zhao": Role.CHIEF, "audit": Role.AUDITOR,
    "admin": Role.ADMIN,
}  # fmt: skip


def test_a_real_review_is_as_described_and_as_the_contract_says(office: Office):
    office.submit("shen")
    office.work()
    bearer = {"Authorization": f"Bearer {office.token('shen')}"}
    path = "/api/v1/submissions/1/versions/1/review"
    review = office.browser().get(path, headers=bearer).json()
    assert review["findings"]
    made = description(office)
    schema = {"$ref": "#/components/schemas/Review", "components": made["components"]}
    jsonschema.Draft202012Validator(schema).validate(review)
    jsonschema.Draft202012Validator(json.loads(CONTRACT.read_text("utf-8"))).validate(review)


def test_the_described_review_has_all_members_of_the_contract(office: Office):
    made = description(office)["components"]["schemas"]
    contract = json.loads(CONTRACT.read_text("utf-8"))
    missing = list(_missing(contract, made["Review"], contract["$defs"], made, "review"))
    assert missing == []


def _missing(theirs: dict, ours: dict, defs: dict, schemas: dict, at: str) -> Iterator[str]:
    """Where ours asks for less, or for other values, than the contract."""
    theirs, ours = _resolved(theirs, defs), _resolved(ours, schemas)
    if set(theirs.get("required", ())) - set(ours.get("required", ())):
        yield f"{at}: {set(theirs['required']) - set(ours.get('required', ()))}"
    if "enum" in theirs and set(theirs["enum"]) != _values(ours):
        yield f"{at}: {theirs['enum']} is not {_values(ours)}"
    for name, schema in theirs.get("properties", {}).items():
        if name not in ours.get("properties", {}):
            yield f"{at}.{name}"
        else:
            yield from _missing(schema, ours["properties"][name], defs, schemas, f"{at}.{name}")
    if "items" in theirs:
        yield from _missing(theirs["items"], ours.get("items", {}), defs, schemas, f"{at}[]")


def _resolved(schema: dict, schemas: dict) -> dict:
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    return schema


def _values(schema: dict) -> set:
    if "anyOf" in schema:
        return set().union(*map(_values, schema["anyOf"]))
    return {None} if schema.get("type") == "null" else set(schema.get("enum", ()))
