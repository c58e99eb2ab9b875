"""Where the platform is, as far as the coach can know: from what the coach counted and asked for. It sees nothing.

Law: nothing is counted unless the catches are known to be out and the platform is known to be where a repetition
begins: the top of a leg press; the stretched end of a pull, where its weight is down. What the coach asked for counts
as done when the lifter says to go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Catches(Enum):
    """What holds the platform without the lifter."""

    IN = "in"
    OUT = "out"
    UNSURE = "unsure"
    """The lifter may have set the catches, or taken them out."""


@dataclass(slots=True)
class Platform:
    """What is known about the platform. The scenes that count and those that interrupt change it."""

    catches: Catches = Catches.IN
    is_away: bool = False
    """The platform may be anywhere except where a repetition begins."""

    @property
    def is_ready(self) -> bool:
        """Whether the platform can be moved on the next count."""
        return self.catches is Catches.OUT

    def mark_unracking(self) -> None:
        """The lifter was asked to take the platform off its catches, and takes time for this."""
        self.catches, self.is_away = Catches.UNSURE, False

    def mark_unracked(self) -> None:
        """The time to unrack is over, or the lifter said that the platform is off its catches."""
        self.catches, self.is_away = Catches.OUT, False

    def mark_away(self) -> None:
        """The first movement of a repetition begins."""
        self.is_away = True

    def mark_back(self) -> None:
        """The second movement of a repetition is over."""
        self.is_away = False

    def mark_racked(self) -> None:
        """The lifter was asked to set the catches."""
        self.catches = Catches.IN

    def mark_unsure(self) -> None:
        """The catches were offered to the lifter, who may have set them."""
        self.catches = Catches.UNSURE
