"""Small or pale print against the largest claim. The law fixes no ratio: a fact with a score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from adscan.records.circumstances import LineLook
from adscan.records.hit import Origin
from adscan.rulebook.matcher import Found, Matcher
from adscan.rulebook.scene import Place, Scene
from adscan.rulebook.schema import LegibilityEntry


@dataclass(frozen=True)
class LegibilityMatcher(Matcher):
    """Lines that must be legible and are not, beside what they qualify."""

    entry: LegibilityEntry
    default_confidence = 0.6
    origin = Origin.LAYOUT

    def expressions(self) -> Iterable[str]:
        """What ought to be legible, and what it qualifies."""
        return [*self.entry.small, *self.entry.large]

    def groups(self) -> Iterable[Iterable[str]]:
        """The small print and the claims."""
        return (self.entry.small, self.entry.large)

    def find(self, scene: Scene) -> Iterator[Found]:
        """The places of small print that is too small or too pale, with the numbers.

        Where the same words stand legibly elsewhere in the ad, nothing is found.
        """
        claims = [look for _, look in self._looks(scene, self.entry.large)]
        largest = max((look.height for look in claims), default=0.0)
        if not largest:
            return
        prints = [
            (place, look, look.height / largest)
            for place, look in self._looks(scene, self.entry.small)
        ]
        by_height = sorted((ratio, at) for at, (_, _, ratio) in enumerate(prints))
        if any(self._legible(prints[at][1], ratio) for ratio, at in reversed(by_height)):
            return
        for place, look, ratio in prints:
            yield Found(
                place,
                note=f"提示文字的字高约为最大卖点的{ratio:.0%}，与底色的对比度约{look.measure_contrast():.1f}:1；"
                "法律没有规定比例，请看是否显著。",
            )

    def _legible(self, look: LineLook, ratio: float) -> bool:
        return ratio >= self.entry.min_ratio and look.measure_contrast() >= self.entry.min_contrast

    def _looks(self, scene: Scene, expressions: Sequence[str]) -> Iterator[tuple[Place, LineLook]]:
        for place in scene.any_of(expressions):
            part_id = scene.texts[place.text_index].part_id
            for look in scene.circumstances.looks.at(part_id, place.span):
                yield place, look
