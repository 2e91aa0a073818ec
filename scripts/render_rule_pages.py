"""Write docs/rules/: one page a rule and the index, from the rule files.

python scripts/render_rule_pages.py [--out docs/rules]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from adscan.classify.activity import load_activities
from adscan.rulebook.loader import load_rulebook
from adscan.rulebook.pages import render_index, render_page


def main() -> None:
    """Write the pages; pages of rules that are gone are removed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/rules"))
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    rulebook = load_rulebook()
    names = {activity: words.name for activity, words in load_activities().items()}
    pages = {f"{c.rule.id}.md": render_page(c, names) for c in rulebook.rules}
    pages["README.md"] = render_index(rulebook)
    for old in out.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, page in pages.items():
        (out / name).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
