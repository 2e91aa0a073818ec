"""Something that must be said and is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from adscan.rulebook.matcher import Found, Matcher
from adscan.rulebook.matchers.nearby import together
from adscan.rulebook.scene import Place, Scene
from adscan.rulebook.schema import AbsentEntry


@dataclass(frozen=True)
class AbsentMatcher(Matcher):
    """Claims that call for a statement, where the ad does not visibly make it near enough."""

    entry: AbsentEntry
    default_confidence = 0.85

    def expressions(self) -> Iterable[str]:
        """The claims, the statements and the exemptions."""
        return [*self.entry.when, *self.entry.unless, *self.entry.exempt]

    def terms(self) -> Iterable[str]:
        """The words named as terms."""
        return self.entry.terms

    def groups(self) -> Iterable[Iterable[str]]:
        """The claims."""
        return (self.entry.when,)

    def find(self, scene: Scene) -> Iterator[Found]:
        """The claims that no statement is near to. Hidden words state nothing."""
        if scene.any_of(self.entry.exempt):
            return
        stated = [p for p in scene.any_of(self.entry.unless) if not scene.is_hidden(p)]
        for claim in scene.any_of(self.entry.when):
            if not self._stated(scene, claim, stated):
                yield Found(claim)

    def _stated(self, scene: Scene, claim: Place, statements: Sequence[Place]) -> bool:
        near, within = self.entry.near, self.entry.within
        if near == "ad" and within is None:
            return bool(statements)
        text = scene.texts[claim.text_index].masked
        return any(
            other.text_index == claim.text_index
            and together(text, claim.span, other.span, "part" if near == "ad" else near, within)
            for other in statements
        )
