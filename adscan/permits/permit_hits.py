"""What the permit verdict means for the rules: hits to judge, and hits to set aside."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from adscan.permits.permit_type import load_businesses
from adscan.records.hit import Hit, Origin
from adscan.records.permit import (
    IN_ORDER,
    ActivityCheck,
    ActivityPlace,
    PermitCheck,
    PermitStatus,
)
from adscan.records.rule import Decision, MentionReason
from adscan.records.text import NormalText, Span
from adscan.records.verdict import OperatingPoint, Verdict

UNLICENSED, PAYMENT = "unlicensed-promotion", "payment-misconduct"
FALSE_CLAIM = "false-or-misleading-claim"
RULES = {
    PermitStatus.BANNED: "banned-activity",
    PermitStatus.NO_PUBLIC_PROMOTION: "private-offering-publicised",
    PermitStatus.OUT_OF_SCOPE: "beyond-permit-scope",
    PermitStatus.EXPIRED: UNLICENSED,
    PermitStatus.SUSPENDED: UNLICENSED,
    PermitStatus.NOT_IN_REGISTER: UNLICENSED,
    PermitStatus.AMBIGUOUS: UNLICENSED,
    PermitStatus.NO_REGISTER: UNLICENSED,
}
BY_LAW = (PermitStatus.BANNED, PermitStatus.NO_PUBLIC_PROMOTION)  # need no register
SURE, UNSURE = 0.95, 0.6  # confidence of what is proven, and of what a person must look at
SHOWN = 24  # code points shown of an ad of which no place is known


def permit_hits(
    check: PermitCheck,
    texts: Sequence[NormalText],
    standing: Collection[str],
    verdict: Verdict | None,
    point: OperatingPoint,
) -> Iterator[Hit]:
    """The hits of an ad that promotes. `standing` are the rules whose words stand in it.

    What the law alone says needs the words' or the model's support that the business is promoted.
    At the archive point only what is proven is shown.
    """
    for one in check.checks:
        rule = _rule(one)
        if rule is None or _not_looked_up(one, check):
            continue
        proven = one.proven
        if one.status in BY_LAW:
            supported = rule in standing or (verdict is not None and verdict.upholds(rule))
            if not supported and not (verdict is not None and verdict.alarms):
                continue
            proven = proven and supported
        if proven or point is OperatingPoint.PREREVIEW:
            yield from _hits(rule, one.reason, _places(check, one, texts), proven)
    for fault in check.numbers:
        if fault.proven or point is OperatingPoint.PREREVIEW:
            yield from _hits(FALSE_CLAIM, fault.reason, [fault.place], fault.proven)


def released(hits: Sequence[Hit], check: PermitCheck) -> list[Hit]:
    """The hits, those of missing permits released where the register shows the permit."""
    licensed = bool(check.checks) and all(one.status in IN_ORDER for one in check.checks)
    covered = any(one.status is PermitStatus.COVERED for one in check.checks)
    if not (licensed and covered):
        return list(hits)
    return [
        replace(hit, released=hit.released or MentionReason.EXEMPT)
        if hit.rule == UNLICENSED and hit.origin is not Origin.PERMIT
        else hit
        for hit in hits
    ]


def _not_looked_up(one: ActivityCheck, check: PermitCheck) -> bool:
    """Nobody looked, because lists were not imported: no fault of the ad's."""
    published = load_businesses()[one.activity].register_ != "none"
    return one.status is PermitStatus.NO_REGISTER and (published or not check.snapshots)


def _rule(one: ActivityCheck) -> str | None:
    lacking = (PermitStatus.EXPIRED, PermitStatus.SUSPENDED, PermitStatus.NOT_IN_REGISTER)
    if one.activity == "payment" and one.status in lacking:
        return PAYMENT
    return RULES.get(one.status)


def _hits(rule: str, reason: str, places: Sequence[ActivityPlace], proven: bool) -> Iterator[Hit]:
    for place in places:
        yield Hit(
            rule=rule,
            part_id=place.part_id,
            span=place.span,
            confidence=SURE if proven else UNSURE,
            origin=Origin.PERMIT,
            decision=Decision.REJECT if proven else Decision.REVIEW,
            note=reason.rstrip("。") + "。",
        )


def _places(
    check: PermitCheck, one: ActivityCheck, texts: Sequence[NormalText]
) -> Sequence[ActivityPlace]:
    """The words of the activity and the advertiser's name; if neither is known, the beginning."""
    activity = next(a for a in check.activities if a.id == one.activity)
    named = [c.places for c in check.candidates if c.name == check.advertiser]
    places = (*activity.places[:FEW], *(place for some in named for place in some[:1]))
    if places:
        return places
    return [
        ActivityPlace(text.part_id, Span(0, min(len(text.text), SHOWN)))
        for text in texts
        if text.text
    ][:1]


FEW = 3  # places of an activity that are shown
