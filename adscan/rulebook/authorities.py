"""Whose case it is: the table of leading authorities, by rule, product and day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from adscan.records.rule import Rule
from adscan.rulebook.schema import AuthorityRow, AuthorityTable
from adscan.rulebook.source import read_entry

BUILT_IN = Path(__file__).with_name("authorities.yaml")


def load_authorities(path: Path | None = None) -> AuthorityTable:
    """The built-in table, or another place's. Raises RulebookError naming file, line and key."""
    shown = str(path) if path else "rulebook/authorities.yaml"
    return read_entry(path or BUILT_IN, AuthorityTable, shown)


def leading_authority(
    table: AuthorityTable, rule: Rule, products: frozenset[str], day: date
) -> str:
    """Who leads on a finding of this rule; empty if the table has no row for it."""
    return next((row.authority for row in table.rows if _fits(row, rule, products, day)), "")


def _fits(row: AuthorityRow, rule: Rule, products: frozenset[str], day: date) -> bool:
    since, until = row.in_force_from or date.min, row.in_force_until or date.max
    return (
        since <= day <= until
        and (not row.rules or rule.id in row.rules or rule.category in row.rules)
        and (not row.products or bool(products.intersection(row.products)))
    )
