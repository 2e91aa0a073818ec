"""Pages that load nothing: templates that escape all text, styles and scripts named by hashes."""

from __future__ import annotations

import base64
import hashlib

from jinja2 import BaseLoader, Environment, StrictUndefined
from markupsafe import Markup

from adscan.report import wording
from adscan.report.visible import one_line, spelled_out, visible


def page_templates(loader: BaseLoader) -> Environment:
    """Templates with the Chinese words as `words`; what they print is escaped and harmless."""
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_harmless,
    )
    environment.globals["words"] = wording
    environment.filters["percent"] = wording.percent
    environment.filters["one_line"] = one_line
    environment.filters["spelled_out"] = spelled_out
    return environment


def asset(templates: Environment, name: str) -> Markup:
    """A style or script of ours, word for word: its hash must be that of what the page holds."""
    assert templates.loader is not None
    source, _, _ = templates.loader.get_source(templates, name)
    return Markup(source)


def policy_hash(text: str) -> str:
    """How a content security policy names a style or script."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _harmless(value: object) -> object:
    """What every `{{ … }}` passes before it is escaped: no control characters in the page."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
