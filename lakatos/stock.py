"""Stock evidence: what every executable statement gets for free - its edges, and a search for a counterexample.

The search draws instances with Hypothesis, shrinks what it finds, and replays it exactly. It counts how many
instances met the hypotheses, so that a statement about nothing is seen to be one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from lakatos.evaluation import Undefined
from lakatos.judge import Tally
from lakatos.records import Judgement
from lakatos.terms import OutOfReach
from lakatos.trial import EdgeError, Trial


def judge_edges(trial: Trial) -> Judgement:
    """Every edge of the claim, exactly; for a control, its declared witness first. Edges refute, they never prove."""
    tally = Tally(trial)
    witness = None if trial.control is None else trial.control.witness
    if witness is not None:
        instance = trial.complete(witness)
        if not trial.meets(instance):
            raise EdgeError(f"{trial.name}: its witness lies outside the domains or breaks a hypothesis")
        tally.add(instance)
    for name, edge in trial.claim.edges.items() if tally.judgement.outcome != "refutes" else ():
        instance = trial.complete(edge)
        if not trial.meets(instance):
            if trial.control is None:
                raise EdgeError(f"{trial.name}: the edge '{name}' lies outside the domains or breaks a hypothesis")
            continue
        if tally.add(instance, note=f"edge: {name}"):
            break
    judged = tally.conclude(supports=False)
    if witness is not None and judged.outcome != "refutes" and not tally.out_of_reach:
        judged.detail = "the control's own witness does not refute it"
    return judged


def _instances(trial: Trial) -> Any:
    """Hypothesis strategy for whole instances: quantities in the order in which they are declared."""
    from hypothesis import strategies as st

    @st.composite
    def drawn(draw: Callable[[Any], Any]) -> dict[Any, Any]:
        instance: dict[Any, Any] = {}
        for symbol, domain in trial.statement.let.items():
            instance[symbol] = draw(domain.strategy(instance))
        return instance

    return drawn()


@contextmanager
def _without_foreign_constants() -> Iterator[None]:
    """Hypothesis also draws constants from the source of whatever is imported; a verdict must not hang on that."""
    from hypothesis.internal.conjecture import providers
    from hypothesis.internal.constants_ast import Constants

    ours = {"_get_local_constants": Constants, "CONSTANTS_CACHE": {}}
    theirs = {name: getattr(providers, name) for name in ours}
    vars(providers).update(ours)
    try:
        yield
    finally:
        vars(providers).update(theirs)


def judge_search(trial: Trial) -> Judgement:
    """Draw, filter by the hypotheses, evaluate exactly, shrink the first counterexample (to a claim, not to a control)."""
    from hypothesis import HealthCheck, Phase, find, settings
    from hypothesis.errors import NoSuchExample, Unsatisfiable

    judged = Judgement("undecided")
    phases = (Phase.generate, Phase.shrink) if trial.control is None else (Phase.generate,)
    state: dict[str, Any] = {"found": None, "undefined": None, "out_of_reach": 0}

    def refutes(instance: dict[Any, Any]) -> bool:
        counting = state["found"] is None and state["undefined"] is None
        judged.cases += counting
        try:
            if not trial.meets(instance):
                return False
            judged.reached += counting
            found = trial.margin(instance)
        except OutOfReach:
            state["out_of_reach"] += counting
            return False
        except Undefined as error:
            state["undefined"] = error
            return state["found"] is None
        if found.holds is False:
            state["found"] = instance
        return found.holds is False

    try:
        with _without_foreign_constants():
            smallest = find(
                _instances(trial), refutes,
                settings=settings(max_examples=trial.profile.examples, database=None, deadline=None,
                                  suppress_health_check=list(HealthCheck), phases=phases),
                random=Random(f"{trial.seed}/{trial.name}"),
            )
    except Unsatisfiable:
        judged.cases, judged.detail = max(judged.cases, 1), "the domains are empty: no instance could be drawn"
        return judged
    except NoSuchExample:
        judged.detail = f"no counterexample in {judged.cases} instances, of which {judged.reached} met the hypotheses"
        if state["out_of_reach"]:
            judged.detail += f"; {state['out_of_reach']} were too large to evaluate by definition"
        return judged
    if state["found"] is None:
        raise state["undefined"]
    tally = Tally(trial)
    tally.add(smallest)
    tally.judgement.cases, tally.judgement.reached = judged.cases, judged.reached
    return tally.conclude(supports=False)
