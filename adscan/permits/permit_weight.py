"""What one permit of the register says of one activity on a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from adscan.permits.coverage import Lists, seat_of
from adscan.permits.permit_type import PermitType, load_permit_types
from adscan.permits.places import code_of, covers, place_name
from adscan.permits.standing import Standing, standing
from adscan.records.permit import Institution, PermitLine, PermitStatus

CHANGING_DAYS = 90  # a permit that ended so recently may be in the course of being renewed
PROVINCE = 2  # digits of a province's code


@dataclass(frozen=True)
class Weight:
    """What one permit line says."""

    status: PermitStatus
    line: PermitLine
    reason: str
    proven: bool = True


@dataclass(frozen=True)
class Weigher:
    """Weighs the permits of one institution."""

    lists: Lists
    institution: Institution
    activity: str
    day: date
    region: str | None  # where the ad is aimed; None: not known

    def weigh(self, line: PermitLine) -> Weight | None:
        """None if the permit is of a type that does not cover the activity."""
        kind = load_permit_types().get(line.type)
        covered = next((c for c in kind.covers if c.id == self.activity), None) if kind else None
        if kind is None or covered is None:
            return None
        named = f"{line.holder}的{kind.name}" + (f"（{line.number}）" if line.number else "")
        amiss = self.ended(line, named) or self._not_begun(line, named)
        if amiss:
            return amiss
        if covered.scope and not line.scope:
            reason = f"{named}有效，但名录没有写明业务范围，请核对许可证"
            return Weight(PermitStatus.AMBIGUOUS, line, reason, proven=False)
        if covered.scope and not _in_scope(covered.scope, line.scope):
            gaps = self.lists.gaps(
                self.activity, self.day, line.holder, self._seat(line), but=kind.id
            )
            reason = f"{named}的业务范围是{'、'.join(line.scope)}，不含所宣传的业务"
            reason += f"；但{gaps}，可能另有许可" if gaps else ""
            return Weight(PermitStatus.OUT_OF_SCOPE, line, reason, proven=not gaps)
        return self._elsewhere(kind, line, named) or Weight(
            PermitStatus.COVERED, line, f"{named}在{self.day}有效，覆盖所宣传的业务"
        )

    def ended(self, line: PermitLine, named: str) -> Weight | None:
        """Suspended, taken away, given back, run out or vanished by the day; None if it stands."""
        match stands := standing(line, self.day):
            case Standing.SUSPENDED | Standing.REVOKED | Standing.CANCELLED:
                return self._turned(line, stands, named)
            case Standing.EXPIRED:
                return self._run_out(line, named)
            case Standing.UNLISTED:
                proven = self.lists.complete(line.type, self.day, self._seat(line))
                reason = f"{named}在{line.listed_until}的完整名录里已经没有了"
                reason += "" if proven else f"；但没有{self.day}当日的完整名录，请核对"
                return Weight(PermitStatus.EXPIRED, line, reason, proven)
            case Standing.ACTIVE | Standing.NOT_YET:
                return None

    def _turned(self, line: PermitLine, stands: Standing, named: str) -> Weight:
        since = line.state_since
        known = since is not None or line.snapshot <= self.day
        when = f"自{since}起" if since else "已经"
        doubt = "" if known else f"，但名录是{line.snapshot}的，不知从何日起"
        suspended = stands is Standing.SUSPENDED
        status = PermitStatus.SUSPENDED if suspended else PermitStatus.EXPIRED
        return Weight(status, line, f"{named}{when}{STATE_WORDS[stands]}{doubt}", known)

    def _run_out(self, line: PermitLine, named: str) -> Weight:
        assert line.valid_to is not None
        recent = (self.day - line.valid_to).days <= CHANGING_DAYS
        later = line.snapshot > line.valid_to
        doubt = "，可能正在换证，请核对" if recent else ""
        doubt = doubt or ("" if later else f"，但{line.snapshot}以后没有名录，请核对是否续展")
        reason = f"{named}有效期到{line.valid_to}为止{doubt}"
        return Weight(PermitStatus.EXPIRED, line, reason, later and not recent)

    def _not_begun(self, line: PermitLine, named: str) -> Weight | None:
        complete = self.lists.complete(line.type, self.day, self._seat(line))
        if line.valid_from and self.day < line.valid_from:
            reason = f"{named}自{line.valid_from}起才有效，广告发布在前"
            return Weight(PermitStatus.NOT_IN_REGISTER, line, reason, complete)
        if line.valid_from is None and line.snapshot > self.day and complete:
            reason = f"{self.day}的完整名录里没有{named}，{line.snapshot}的名录里才有"
            return Weight(PermitStatus.NOT_IN_REGISTER, line, reason)
        return None

    def _elsewhere(self, kind: PermitType, line: PermitLine, named: str) -> Weight | None:
        """Aimed at a place where the permit does not hold; None if it does, or nobody knows."""
        if self.region is None or kind.region == "nationwide":
            return None
        printed = [place for place in _PLACES_APART.split(line.region) if place.strip()]
        codes = [code_of(place) for place in printed]
        if not printed and kind.region == "province":
            codes = [self._seat(line)[:PROVINCE] or None]
        known = [code for code in codes if code is not None]
        if not codes or any(covers(code, self.region) for code in known):
            return None
        aimed = place_name(self.region)
        if len(known) < len(codes):
            reason = f"{named}的地域“{line.region}”看不明白，广告面向{aimed}，请核对"
            return Weight(PermitStatus.AMBIGUOUS, line, reason, proven=False)
        permitted = "、".join(place_name(code) for code in known)
        reason = f"{named}只限{permitted}，广告面向{aimed}"
        # Of small loans beyond the province only a draft speaks: a person must look.
        return Weight(PermitStatus.OUT_OF_SCOPE, line, reason, kind.region != "province")

    def _seat(self, line: PermitLine) -> str:
        return seat_of(line.holder, self.institution)


STATE_WORDS = {
    Standing.SUSPENDED: "处于中止、暂停状态",
    Standing.REVOKED: "被吊销",
    Standing.CANCELLED: "注销",
}
_PLACES_APART = re.compile(r"[、，,;；/\s]+")
_EXCEPTED = re.compile(
    r"[(（](?:不含|不包括|除)[^()（）]*[)）]|(?:不含|不包括)[^、，,;；]*|除[^、，,;；]*(?:以)?外"
)


def _in_scope(words: Sequence[str], scope: Sequence[str]) -> bool:
    granted = [_EXCEPTED.sub("", item) for item in scope]
    return any(word in item for word in words for item in granted)


# Of several permits of one institution, the one that allows most speaks.
BEST_FIRST = (
    PermitStatus.COVERED,
    PermitStatus.OUT_OF_SCOPE,
    PermitStatus.SUSPENDED,
    PermitStatus.EXPIRED,
    PermitStatus.NOT_IN_REGISTER,
    PermitStatus.AMBIGUOUS,
)


def best(weights: Sequence[Weight]) -> Weight:
    """The weight that counts; of two alike the one that is not proven to be amiss."""
    return min(weights, key=lambda weight: (BEST_FIRST.index(weight.status), weight.proven))
