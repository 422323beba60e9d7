"""How much of a score each part decided, for one municipality: the weights over what it has."""

from collections.abc import Mapping
from dataclasses import dataclass

from rankings.models import Criterion, Level, Placement

Key = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Tree:
    """An edition's weights and one municipality's placements, by level and key of the subject's row."""

    criteria: Mapping[Key, Criterion]
    placements: Mapping[Key, Placement]

    def parent(self, key: Key) -> Key | None:
        """The subject above; None above the whole index."""
        level, _pk = key
        if level == Level.OVERALL:
            return None
        criterion = self.criteria.get(key)
        if criterion is not None and criterion.indicator and criterion.indicator.theme_id:
            return Level.THEME, criterion.indicator.theme_id
        if criterion is not None and criterion.theme:
            return Level.AREA, criterion.theme.area_id
        return (Level.OVERALL, None) if level == Level.AREA else None

    def children(self, key: Key) -> list[Key]:
        """The subjects one step down, in the order of the catalogue."""
        return [below for below in self.criteria if self.parent(below) == key]

    def above(self, key: Key) -> list[Key]:
        """The way up to the whole index, nearest first."""
        steps = []
        parent = self.parent(key)
        while parent is not None:
            steps.append(parent)
            parent = self.parent(parent)
        return steps

    def share(self, key: Key) -> float | None:
        """A subject's share of its parent's score: its weight over those that have a score. None where it has none."""
        parent = self.parent(key)
        if parent is None or not self._counts(key) or self._score(parent) is None:
            return None
        present = [self.criteria[one].weight for one in self.children(parent) if self._counts(one)]
        return self.criteria[key].weight / sum(present)

    def share_of(self, key: Key, ancestor: Key) -> float | None:
        """A subject's share of the score of any subject above it: the product of the shares on the way up."""
        share, step = 1.0, key
        while step != ancestor:
            part, parent = self.share(step), self.parent(step)
            if part is None or parent is None:
                return None
            share, step = share * part, parent
        return share

    def _score(self, key: Key) -> float | None:
        placement = self.placements.get(key)
        return placement.score if placement else None

    def _counts(self, key: Key) -> bool:
        criterion = self.criteria.get(key)
        return criterion is not None and criterion.weight > 0 and self._score(key) is not None


def key_of(row: Placement | Criterion) -> Key:
    """A row's level and the key of its subject."""
    return row.level, row.area_id or row.theme_id or row.indicator_id
