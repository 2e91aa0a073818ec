"""Bodies that come as JSON, or as a form with files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile

from adscan.web.routes.api.refusals import Unreadable, WrongMediaType, invalid, invalid_model
from adscan.web.submitting.uploads import Upload, bare_name

JSON, FORM = "application/json", "multipart/form-data"
FILES = ("creatives", "permits")
LISTS, NUMBERS = ("keep",), ("lock",)
OPTIONAL = ("medium", "planned_until")  # empty in a form: not given
MOST_FIELDS = 2000
LONGEST_FIELD = 4_000_000  # bytes: the longest text in UTF-8 is shorter

Body = TypeVar("Body", bound=BaseModel)


@dataclass(frozen=True)
class Incoming(Generic[Body]):
    """What was sent, checked."""

    fields: Body
    creatives: tuple[Upload, ...] = ()
    permits: tuple[Upload, ...] = ()


class Reading(Generic[Body]):
    """A route's dependency: its body. Comes after the identity: strangers send nothing."""

    def __init__(self, model: type[Body], files: tuple[str, ...] = FILES) -> None:
        self.model, self.files = model, files

    async def __call__(self, request: Request) -> Incoming[Body]:
        """Raises Unreadable, WrongMediaType or Invalid."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            if kind == JSON:
                return Incoming(self.model.model_validate_json(await request.body()))
            if kind == FORM:
                return await self._form(request)
        except ValidationError as error:
            if any(fault["type"] == "json_invalid" for fault in error.errors()):
                raise Unreadable("请求体不是 JSON", hint="请检查引号、逗号和编码") from error
            raise invalid_model(error) from error
        raise WrongMediaType(
            f"不支持 Content-Type {kind[:80] or '（没有写）'}", hint=f"请用 {FORM} 或 {JSON}"
        )

    async def _form(self, request: Request) -> Incoming[Body]:
        async with request.form(
            max_files=MOST_FIELDS, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD
        ) as form:
            words: dict[str, Any] = {}
            for name in form:
                if name not in self.files:
                    words[name] = _words(form, name)
            fields = self.model.model_validate(words)
            return Incoming(fields, *[await _uploads(form, name) for name in self.files])


def _words(form: FormData, name: str) -> Any:
    values = form.getlist(name)
    if not all(isinstance(value, str) for value in values):
        raise invalid([{"loc": (name,), "type": "text"}])
    if name in LISTS:
        return [_number(value) for value in values if value != ""]
    if len(values) > 1:
        raise invalid([{"loc": (name,), "type": "too_long"}])
    if name in OPTIONAL and values[0] == "":
        return None
    return _number(values[0]) if name in NUMBERS else values[0]


def _number(value: Any) -> Any:
    """A number written out; anything else is left for the model to refuse."""
    return int(value) if re.fullmatch("-?[0-9]{1,20}", value) else value


async def _uploads(form: FormData, name: str) -> tuple[Upload, ...]:
    """The files; a browser sends an empty one where none was chosen."""
    files: Iterable[Any] = form.getlist(name)
    found = []
    for file in files:
        if not isinstance(file, UploadFile):
            raise invalid([{"loc": (name,), "type": "file"}])
        if file.filename:
            found.append(Upload(bare_name(file.filename), await file.read()))
    return tuple(found)


def described(name: str) -> dict[str, Any]:
    """The body of a route that reads it so, for the API's description."""
    return {
        "requestBody": {
            "required": True,
            "content": {
                FORM: {"schema": {"$ref": f"#/components/schemas/{name}Form"}},
                JSON: {"schema": {"$ref": f"#/components/schemas/{name}"}},
            },
        }
    }


def form_of(schema: dict[str, Any], *, permits: bool) -> dict[str, Any]:
    """The schema of the form, from that of the JSON."""
    files = {
        "type": "array",
        "items": {"type": "string", "format": "binary"},
        "maxItems": MOST_FIELDS,
    }
    told = {"creatives": {**files, "description": "广告文件：文字、图片、PDF、Word、网页、ZIP"}}
    if permits:
        told["permits"] = {**files, "description": "许可证明：PDF、图片、Word"}
    made = {key: value for key, value in schema.items() if key != "example"}
    fields = {name: _without_null(one) for name, one in schema["properties"].items()}
    return {**made, "properties": {**fields, **told}}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A form knows no null: what is not given is left out, or empty."""
    choices = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if not choices:
        return schema
    told = {key: schema[key] for key in ("title", "description") if key in schema}
    return {**told, **choices[0]}
