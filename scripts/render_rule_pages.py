"""Write docs/rules/: one page a rule and the index, from the rule files.

python scripts/render_rule_pages.py [--out docs/rules] [--check]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from adscan.classify.activity import load_activities
from adscan.rule_pages import render_index, render_page
from adscan.rulebook.loader import load_rulebook


def main() -> int:
    """Write the pages, or with --check name those that differ; pages of gone rules go too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/rules"))
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if a page differs")
    arguments = parser.parse_args()
    pages, out = _pages(), arguments.out
    gone = [path for path in sorted(out.glob("*.md")) if path.name not in pages]
    if arguments.check:
        stale = [out / name for name, page in pages.items() if _read(out / name) != page]
        for path in (*stale, *gone):
            print(f"{path} 与规则文件不一致，请运行 make docs", file=sys.stderr)
        return 1 if stale or gone else 0
    out.mkdir(parents=True, exist_ok=True)
    for path in gone:
        path.unlink()
    for name, page in pages.items():
        (out / name).write_text(page, encoding="utf-8")
    return 0


def _pages() -> dict[str, str]:
    rulebook = load_rulebook()
    names = {activity: words.name for activity, words in load_activities().items()}
    pages = {f"{c.rule.id}.md": render_page(c, names) for c in rulebook.rules}
    return {**pages, "README.md": render_index(rulebook)}


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
