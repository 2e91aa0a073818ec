"""Which fixed strings a text must hold for an expression to match: what makes searching cheap.

The answer is a list of clauses; of each clause at least one string must occur. It is weaker than
the expression (a text that passes may still not match) and never stronger. The idea is that of
RE2's own filter; here the strings go into the one automaton that also finds the phrases.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

if sys.version_info >= (3, 11):
    from re import _constants as sre  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]
else:
    import sre_constants as sre
    import sre_parse as parser

Clause = frozenset[str]

MOST_STRINGS = 200  # of one clause; a longer one is given up
MOST_CLAUSES = 4  # of one expression; more would cost more than they spare
LONGEST = 12  # characters of one string
SMALL_CLASS = 12  # characters of a class that are written out
UNICODE_CLASS = re.compile(r"\\[pP]\{\w+\}|\\[pP]\w")
SPECIAL = re.compile(r"[\^$A-Za-z\\]|\(\?")  # what makes an expression more than its strings
BRACKETS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[(|)]")  # classes and escapes in one piece
# Stands for a Unicode class, which Python's parser does not know: any character.
ANYTHING = r"[\\s\\S]"


@dataclass(frozen=True)
class Need:
    """What a piece of an expression needs."""

    exact: Clause | None  # all strings the piece can match, if they are few
    clauses: tuple[Clause, ...] = ()


FREE = Need(None)
NOTHING: Clause = frozenset([""])


def required_literals(expression: str) -> list[Clause]:
    """The clauses of an expression, in lower case, the most telling first.

    Empty if the expression needs no fixed string, or is not one that Python's parser takes: then
    it is tried on every text.
    """
    try:
        tree = parser.parse(UNICODE_CLASS.sub(ANYTHING, _plain_classes(expression)))
    except re.error:
        return []
    need = _sequence(list(tree))
    clauses = {*need.clauses, *_as_clause(need.exact)}
    return sorted(clauses, key=_telling)[:MOST_CLAUSES]


def exact_strings(expression: str) -> Clause | None:
    """All strings that the expression can match, if they are few and it is nothing more.

    None if it is more: anchors, classes, repeats, or letters whose case would matter.
    """
    if SPECIAL.search(expression):
        return None
    try:
        exact = _sequence(list(parser.parse(expression))).exact
    except re.error:
        return None
    return None if exact is None or "" in exact else exact


def split_alternatives(expression: str) -> list[str]:
    """The alternatives at the top of an expression: a|(b|c) gives a and (b|c)."""
    parts, depth, start = [], 0, 0
    for found in BRACKETS.finditer(expression):
        mark = found.group()
        if mark == "|" and not depth:
            parts.append(expression[start : found.start()])
            start = found.end()
        depth += {"(": 1, ")": -1}.get(mark, 0)
    return [*parts, expression[start:]]


def _plain_classes(expression: str) -> str:
    """Unicode classes inside brackets widened to the whole bracket: [\\p{Han}a] is anything."""
    return re.sub(r"\[\^?[^\]\\]*\\[pP]\{\w+\}[^\]]*\]", lambda _: r"[\s\S]", expression)


def _telling(clause: Clause) -> tuple[int, int, list[str]]:
    return (-min(len(text) for text in clause), len(clause), sorted(clause))


def _as_clause(exact: Clause | None) -> tuple[Clause, ...]:
    """A set of exact strings as a clause, if each of them shows something."""
    if exact is None or "" in exact or not exact:
        return ()
    return (frozenset(text[:LONGEST] for text in exact),)


def _sequence(nodes: Sequence[tuple[Any, Any]]) -> Need:
    """Pieces one after the other: runs of exact pieces grow together."""
    clauses: list[Clause] = []
    whole = True
    run: Clause = NOTHING
    for node in nodes:
        need = _piece(node)
        grown = None if need.exact is None else _joined(run, need.exact)
        if grown is not None:
            run = grown
            continue
        whole = False
        clauses.extend((*_as_clause(run), *need.clauses))
        run = NOTHING
        if need.exact is not None:
            run = need.exact
    if whole:
        return Need(run)
    return Need(None, (*clauses, *_as_clause(run)))


def _joined(left: Clause, right: Clause) -> Clause | None:
    if len(left) * len(right) > MOST_STRINGS:
        return None
    return frozenset(a + b for a, b in product(left, right))


def _piece(node: tuple[Any, Any]) -> Need:
    kind, value = node
    if kind is sre.LITERAL:
        return Need(frozenset([chr(value).lower()]))
    if kind is sre.IN:
        return _class(value)
    if kind is sre.SUBPATTERN:
        return _sequence(list(value[3]))
    if kind is sre.BRANCH:
        return _branch([_sequence(list(branch)) for branch in value[1]])
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        least, most, inner = value
        need = _sequence(list(inner))
        if most == 1 and need.exact is not None:
            return need if least == 1 else Need(need.exact | NOTHING)
        return Need(None, need.clauses + _as_clause(need.exact)) if least else FREE
    if kind is sre.AT:
        return Need(NOTHING)
    return FREE


def _class(items: Sequence[tuple[Any, Any]]) -> Need:
    characters: set[str] = set()
    for kind, value in items:
        if kind is sre.LITERAL:
            characters.add(chr(value).lower())
        elif kind is sre.RANGE and value[1] - value[0] < SMALL_CLASS:
            characters.update(chr(code).lower() for code in range(value[0], value[1] + 1))
        else:
            return FREE
    return Need(frozenset(characters)) if len(characters) <= SMALL_CLASS else FREE


def _branch(needs: Iterable[Need]) -> Need:
    """One of several: what each needs, taken together."""
    needs = list(needs)
    exact = [need.exact for need in needs if need.exact is not None]
    if len(exact) == len(needs):
        union = frozenset[str]().union(*exact)
        if len(union) <= MOST_STRINGS:
            return Need(union)
    best: list[Clause] = []
    for need in needs:
        clauses = sorted({*need.clauses, *_as_clause(need.exact)}, key=_telling)
        if not clauses:
            return FREE
        best.append(clauses[0])
    union = frozenset[str]().union(*best)
    return Need(None, (union,)) if len(union) <= MOST_STRINGS else FREE
