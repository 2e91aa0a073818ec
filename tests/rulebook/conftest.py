"""Small rule files to try the engine on."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

MINIMAL = {
    "title": "试用规则",
    "status": "trial",
    "severity": "high",
    "decision": "revise",
    "basis": ["ad-law#25.1"],
    "explanation": "说明。",
    "match": [{"kind": "phrase", "any": ["保本"]}],
    "remedy": "删去。",
    "limits": "无。",
    "examples": {"finding": ["保本理财"]},
}


@pytest.fixture
def write_rule(tmp_path: Path):
    """Writes a rule file: the minimal one with these keys changed (None removes one)."""

    def write(name: str = "own-rule", **changes: object) -> Path:
        content = {"id": name, **MINIMAL, **changes}
        content = {key: value for key, value in content.items() if value is not None}
        path = tmp_path / "own" / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
        return path

    return write
