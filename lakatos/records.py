"""Records: what one piece of evidence showed about a claim and about each of its controls."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Outcome = Literal["supports", "refutes", "undecided", "failed", "not evaluated"]


@dataclass
class Judgement:
    """What evidence showed about one statement (the claim, or one control).

    `cases` instances looked at, `reached` of them met the hypotheses; `samples` and `interval` for simulations;
    `witness` the counterexample; `tightest` the instance with the smallest margin.
    """

    outcome: Outcome
    detail: str = ""
    cases: int = 0
    reached: int = 0
    samples: int = 0
    alpha: float | None = None
    interval: list[float] | None = None
    witness: dict[str, Any] | None = None
    tightest: dict[str, Any] | None = None
    estimates: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    certificates: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Record:
    """One evidence function on one claim: its judgement of the claim, and of every control at the same budget."""

    claim: str
    name: str
    kind: str
    scope: str
    where: str
    judgement: Judgement
    controls: dict[str, Judgement] = field(default_factory=dict)
    whole_domain: bool = False
    stock: bool = False
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Record:
        """Inverse of `to_json`. Raises TypeError or KeyError on data of another shape."""
        fields = dict(data)
        fields["judgement"] = Judgement(**fields["judgement"])
        fields["controls"] = {name: Judgement(**judged) for name, judged in fields["controls"].items()}
        return cls(**fields)
