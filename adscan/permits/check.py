"""May this advertiser promote this activity on that day? The statuses of the contract.

The law of the day comes first (bans, and what may not be promoted to the public); then the register
is asked. What an incomplete register does not have is never said to be lacking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from adscan.permits.company_name import take_apart
from adscan.permits.coverage import Lists, seat_of
from adscan.permits.permit_type import (
    Business,
    Turn,
    load_businesses,
    load_permit_types,
    types_covering,
)
from adscan.permits.permit_weight import Weigher, best
from adscan.permits.register import Register
from adscan.permits.standing import Standing, standing
from adscan.records.permit import (
    IN_ORDER,
    ActivityCheck,
    Institution,
    PermitLine,
    PermitStatus,
)

OLD_DAYS = 366  # a list older than this is called old in the reason

# Gravest first; what an ad is judged by if it promotes several activities.
GRAVITY = (
    PermitStatus.BANNED,
    PermitStatus.NO_PUBLIC_PROMOTION,
    PermitStatus.SUSPENDED,
    PermitStatus.EXPIRED,
    PermitStatus.OUT_OF_SCOPE,
    PermitStatus.NOT_IN_REGISTER,
    PermitStatus.AMBIGUOUS,
    PermitStatus.NO_REGISTER,
    PermitStatus.COVERED,
    PermitStatus.NOT_REQUIRED,
)


@dataclass(frozen=True)
class Who:
    """The advertiser as far as it could be made out."""

    name: str  # as written; empty: nobody is named
    institutions: tuple[Institution, ...]  # that the register has under it
    several: bool = False  # the ad names more than one, and nothing says which advertises
    sure: bool = True  # the institutions surely bear the name; False: they may


@dataclass(frozen=True)
class Question:
    """What is asked."""

    who: Who
    activity: str
    day: date
    region: str | None = None  # place code of where the ad is aimed; None: not known


class PermitChecker:
    """Answers questions from one register; without a register, from the law alone."""

    def __init__(self, register: Register | None, within_days: int = 0) -> None:
        self.register = register
        self._lists = Lists(register, timedelta(days=within_days)) if register else None

    def check(self, question: Question) -> ActivityCheck:
        """The status of one activity, with the lines compared and the reason."""
        business = load_businesses()[question.activity]
        for status, turns in (
            (PermitStatus.BANNED, business.banned),
            (PermitStatus.NO_PUBLIC_PROMOTION, business.not_public),
        ):
            turn = _on([t for t in turns if self._concerns(t, question)], question.day)
            if turn:
                return _answer(question, status, turn.reason, proven=not turn.only_review)
        if business.permit == "not_needed":
            return _answer(question, PermitStatus.NOT_REQUIRED, business.reason, proven=True)
        if self.register is None or self._lists is None:
            return _answer(question, PermitStatus.NO_REGISTER, "没有可用的登记册，资质未核验")
        return self._ask_register(self.register, self._lists, question, business)

    def _concerns(self, turn: Turn, question: Question) -> bool:
        """Whether a turn is meant for this advertiser: some bind licensed institutions only."""
        if not turn.licensed_only:
            return True
        known = question.who.institutions if question.who.sure else ()
        return any(
            self.register is not None and self.register.permits(institution, question.day)
            for institution in known
        )

    def _ask_register(
        self, register: Register, lists: Lists, question: Question, business: Business
    ) -> ActivityCheck:
        who = question.who
        doubt = _doubt(who)
        if doubt:
            return _answer(question, PermitStatus.AMBIGUOUS, doubt)
        if not who.institutions:
            return self._unknown(lists, question, business)
        (institution,) = who.institutions
        lines = register.usable_permits(institution, question.day)
        weigher = Weigher(lists, institution, question.activity, question.day, question.region)
        weights = [weight for line in lines if (weight := weigher.weigh(line))]
        if not weights:
            return self._without(weigher, question, business, lines)
        told = best(weights)
        reason = told.reason + _age(told.line, question.day)
        compared = tuple(weight.line for weight in weights)
        return ActivityCheck(question.activity, told.status, reason, compared, told.proven)

    def _without(
        self, weigher: Weigher, question: Question, business: Business, lines: Sequence[PermitLine]
    ) -> ActivityCheck:
        """The institution is known but has no permit of a type that would do."""
        name = weigher.institution.name
        stand = (Standing.ACTIVE, Standing.NOT_YET)
        held = tuple(line for line in lines if standing(line, question.day) in stand)
        if not _can_tell(weigher.lists, business, question.activity):
            return _answer(question, PermitStatus.NO_REGISTER, _unlisted(business, question))
        seat = seat_of(name, weigher.institution)
        gaps = weigher.lists.gaps(question.activity, question.day, name, seat)
        if held:
            kinds = "、".join(sorted({_type_name(line) for line in held}))
            reason = f"{name}持有{kinds}，不包括所宣传的业务"
            status, compared = PermitStatus.OUT_OF_SCOPE, held
        else:
            reason = f"登记册里没有{name}开展所宣传业务的有效许可"
            status, compared = PermitStatus.NOT_IN_REGISTER, tuple(lines)
        reason += f"；但{gaps}，不能断定没有" if gaps else ""
        return ActivityCheck(question.activity, status, reason, compared, proven=not gaps)

    def _unknown(self, lists: Lists, question: Question, business: Business) -> ActivityCheck:
        """The register has nobody of this name."""
        name = question.who.name
        if not _can_tell(lists, business, question.activity):
            return _answer(question, PermitStatus.NO_REGISTER, _unlisted(business, question))
        if not take_apart(name).form:
            reason = f"“{name}”不是机构全称，登记册里也查不到，请写明全称"
            return _answer(question, PermitStatus.AMBIGUOUS, reason)
        gaps = lists.gaps(question.activity, question.day, name, seat_of(name))
        if gaps:
            reason = f"登记册里查不到{name}；但{gaps}，不能断定没有许可"
        else:
            reason = f"{question.day}当日的完整名录里没有{name}"
        return _answer(question, PermitStatus.NOT_IN_REGISTER, reason, proven=not gaps)


def gravest(checks: Sequence[ActivityCheck]) -> ActivityCheck | None:
    """The check that an ad is judged by; what is proven goes before what is not."""

    def order(check: ActivityCheck) -> tuple[bool, bool, int]:
        return (check.status in IN_ORDER, not check.proven, GRAVITY.index(check.status))

    return min(checks, key=order, default=None)


def _doubt(who: Who) -> str:
    """Why nobody can say who advertises; empty if it is clear."""
    if not who.name:
        return "广告里没有写明广告主，无法核对许可"
    if who.several:
        return f"广告里有几家公司：{who.name}，看不出由谁宣传，请用 --advertiser 写明"
    names = "、".join(institution.name for institution in who.institutions[:4])
    if len(who.institutions) > 1:
        return f"“{who.name}”可能是{names}中的任何一家，请写明全称"
    if not who.sure:
        return f"“{who.name}”可能是{names}，也可能不是，请写明全称"
    return ""


def _can_tell(lists: Lists, business: Business, activity: str) -> bool:
    """Whether the lists speak of this business at all."""
    if business.register_ == "none":  # unless somebody made a list all the same
        return lists.imported_own(activity)
    return lists.imported(activity)


def _unlisted(business: Business, question: Question) -> str:
    if business.register_ == "none":
        return business.reason
    types = load_permit_types()
    names = sorted({types[kind].name for kind in types_covering(question.activity)})
    return f"登记册里没有导入过{'、'.join(names)}的名录，资质未核验，请广告主提供许可文件"


def _on(turns: Sequence[Turn], day: date) -> Turn | None:
    """The turn that holds on a day; one that decides goes before one that only asks."""
    held = [turn for turn in turns if turn.hold(day)]
    return min(held, key=lambda turn: turn.only_review, default=None)


def _answer(
    question: Question, status: PermitStatus, reason: str, *, proven: bool = False
) -> ActivityCheck:
    return ActivityCheck(question.activity, status, reason, (), proven)


def _age(line: PermitLine, day: date) -> str:
    """A remark on a list that is far from the day."""
    if abs((day - line.snapshot).days) > OLD_DAYS:
        return f"（依据{line.snapshot}的名录，与发布日相隔较远，请复核）"
    return ""


def _type_name(line: PermitLine) -> str:
    kind = load_permit_types().get(line.type)
    return kind.name if kind else line.type
