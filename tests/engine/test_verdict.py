"""Verdicts: total over all combinations of outcomes, monotone, and deaf to evidence without power."""

from __future__ import annotations

from itertools import combinations_with_replacement, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakatos.claims import Derivation, Enumeration, Simulation
from lakatos.records import Judgement, Record
from lakatos.verdict import FLAGS, VERDICTS, decide

KINDS = ("derivation", "certificate", "whole", "enumeration", "search", "simulation", "posterior")
OUTCOMES = ("supports", "refutes", "undecided", "failed", "not evaluated")
REACH = {
    "derivation": "proved",
    "whole": "proved",
    "certificate": "verified",
    "enumeration": "verified",
    "simulation": "corroborated",
    "search": "undecided",
    "posterior": "undecided",
}
RANK = {"undecided": 0, "corroborated": 1, "verified": 2, "proved": 3}
OWED = ((), (Derivation("a"),), (Enumeration("a"), Simulation("b")))


def record(
    kind: str, outcome: Any, power: bool, name: str = "", *, cases: int = 1, reached: int = 1
) -> Record:
    """A record that caught the control `c` or not."""
    judged = Judgement(
        outcome, "as told", cases=cases, reached=reached, alpha=1e-6 if kind == "simulation" else None
    )
    return Record(
        "toy.claim",
        name or f"{kind}-{outcome}-{power}",
        "certificate" if kind == "whole" else kind,
        "scope",
        "",
        judged,
        {"c": Judgement("refutes" if power else "undecided")},
        whole_domain=kind == "whole",
    )


ONE = [record(kind, outcome, power) for kind, outcome, power in product(KINDS, OUTCOMES, (True, False))]
records_of = st.lists(
    st.builds(record, st.sampled_from(KINDS), st.sampled_from(OUTCOMES), st.booleans()),
    max_size=5,
).map(lambda found: [Record(**{**vars(item), "name": f"{item.name}-{i}"}) for i, item in enumerate(found)])


def _proof(item: Record) -> bool:
    return item.judgement.outcome == "supports" and (item.kind == "derivation" or item.whole_domain)


@pytest.mark.parametrize("owed", OWED, ids=lambda owed: "+".join(item.kind for item in owed) or "nothing")
def test_the_table(owed: Any) -> None:
    """Every combination of up to two records of any kind, outcome and power has the verdict the rules say."""
    combinations = [
        [],
        *[[item] for item in ONE],
        *[list(pair) for pair in combinations_with_replacement(ONE, 2)],
    ]
    for found in combinations:
        decided = decide(found, owed, ["c"])
        outcomes = {item.judgement.outcome for item in found}
        strong = [
            item
            for item in found
            if item.judgement.outcome == "supports" and item.controls["c"].outcome == "refutes"
        ]
        assert decided.verdict in VERDICTS
        assert set(decided.flags) <= set(FLAGS)
        assert decided.why
        contradictory = "refutes" in outcomes and any(_proof(item) for item in found)
        assert ("contradiction" in decided.flags) is contradictory
        assert ("failed" in decided.flags) is ("failed" in outcomes)
        if contradictory:
            expected = "undecided"
        elif "refutes" in outcomes:
            expected = "refuted"
        else:
            reaches = [REACH["whole" if item.whole_domain else item.kind] for item in strong]
            expected = max(reaches, key=RANK.__getitem__, default="undecided")
        assert decided.verdict == expected
        caught = any(item.controls["c"].outcome == "refutes" for item in found)
        assert decided.controls[0].caught is caught
        weak = [item for item in found if item.judgement.outcome == "supports" and item not in strong]
        assert ("powerless" in decided.flags) is (bool(weak) or not caught)
        discharged = {item.kind for item in found if item.judgement.outcome == "refutes"} | {
            item.kind for item in strong
        }
        assert {item.kind for item, _ in decided.owed} == {item.kind for item in owed} - discharged
        assert ("owed" in decided.flags) is bool(decided.owed)


@settings(max_examples=300)
@given(records_of, st.sampled_from(sorted(REACH)), st.sampled_from(OWED))
def test_more_support_never_weakens(found: list[Record], kind: str, owed: Any) -> None:
    """Adding a supporting record with power never lowers a verdict, unless there is a counterexample."""
    before, after = (
        decide(found, owed, ["c"]),
        decide([*found, record(kind, "supports", True, "new")], owed, ["c"]),
    )
    if any(item.judgement.outcome == "refutes" for item in found):
        assert after.verdict in ("refuted", "undecided")
    else:
        assert RANK[after.verdict] >= max(RANK[before.verdict], RANK[REACH[kind]])
        assert len(after.owed) <= len(before.owed)
        assert set(after.flags) <= set(before.flags)


@settings(max_examples=300)
@given(records_of, st.sampled_from(KINDS))
def test_a_counterexample_always_refutes(found: list[Record], kind: str) -> None:
    """With a counterexample the verdict is refuted; if a proof stands beside it, a contradiction is flagged."""
    decided = decide([*found, record(kind, "refutes", True, "new")], (), ["c"])
    if any(_proof(item) for item in found):
        assert (decided.verdict, "contradiction" in decided.flags) == ("undecided", True)
    else:
        assert (decided.verdict, "contradiction" in decided.flags) == ("refuted", False)


@settings(max_examples=300)
@given(records_of, st.sampled_from(KINDS))
def test_powerless_evidence_never_lifts_a_verdict(found: list[Record], kind: str) -> None:
    """Support by evidence that caught no control changes no verdict (but may expose a contradiction), and is flagged."""
    before, after = (
        decide(found, (), ["c"]),
        decide([*found, record(kind, "supports", False, "new")], (), ["c"]),
    )
    assert after.verdict == before.verdict or "contradiction" in after.flags
    assert "powerless" in after.flags


@settings(max_examples=300)
@given(st.data(), records_of, st.sampled_from(OWED))
def test_the_order_of_records_is_irrelevant(data: Any, found: list[Record], owed: Any) -> None:
    """Verdict, flags, controls caught and the evidence owed do not depend on the order of records."""
    first, second = decide(found, owed, ["c"]), decide(data.draw(st.permutations(found)), owed, ["c"])
    assert (first.verdict, first.flags) == (second.verdict, second.flags)
    assert [(result.name, result.caught, result.by) for result in first.controls] == [
        (result.name, result.caught, result.by) for result in second.controls
    ]
    assert [item for item, _ in first.owed] == [item for item, _ in second.owed]


def test_a_claim_without_controls_is_powerless() -> None:
    """Nothing is established about a claim that has no false sibling."""
    alone = record("derivation", "supports", False)
    alone.controls = {}
    decided = decide([alone], (), [])
    assert (decided.verdict, decided.flags) == ("undecided", ("powerless",))


def test_an_uncaught_control_is_flagged_even_beside_a_proof() -> None:
    """A surviving control is shown by name although another one was caught."""
    decided = decide([record("derivation", "supports", True)], (), ["c", "d"])
    assert decided.verdict == "proved"
    assert "powerless" in decided.flags
    assert [(result.name, result.caught) for result in decided.controls] == [("c", True), ("d", False)]


@pytest.mark.parametrize(
    ("cases", "reached", "vacuous"), [(0, 0, False), (100, 0, True), (1000, 4, True), (1000, 5, False)]
)
def test_hypotheses_that_are_hardly_ever_met(cases: int, reached: int, vacuous: bool) -> None:
    """A search whose instances meet the hypotheses less often than 1 in 200 flags the claim as vacuous."""
    decided = decide([record("search", "undecided", True, cases=cases, reached=reached)], (), ["c"])
    assert ("vacuous" in decided.flags) is vacuous


def test_one_record_discharges_one_debt() -> None:
    """Two owed enumerations need two enumerations."""
    owed = (Enumeration("small"), Enumeration("large"))
    once = decide([record("enumeration", "supports", True, "a")], owed, ["c"])
    twice = decide(
        [record("enumeration", "supports", True, "a"), record("enumeration", "supports", True, "b")],
        owed,
        ["c"],
    )
    assert ([item.what for item, _ in once.owed], twice.owed) == (["large"], ())


def test_stock_evidence_discharges_nothing() -> None:
    """The stock search is no substitute for a search that is owed."""
    from lakatos.claims import Search

    stock = record("search", "undecided", True)
    stock.stock = True
    assert len(decide([stock], (Search("beyond"),), ["c"]).owed) == 1
