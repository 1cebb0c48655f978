"""The power of the tool itself: evidence that always says yes is noticed, falsehoods are refuted, doubt stays doubt."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lakatos import api, discovery
from lakatos.claims import Owed
from lakatos.ledger import exit_code
from lakatos.records import Judgement, Record
from lakatos.store import Store
from lakatos.trial import PROFILES, Trial
from lakatos.verdict import decide, has_power

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def corpus_run() -> api.Run:
    """The shipped corpus, verified once at the smoke profile."""
    corpus = discovery.load(ROOT)
    run = api.Run(corpus, api.select(corpus, []), PROFILES["smoke"], 0, 2, Store(None))
    run.execute()
    return run


def _records(run: api.Run) -> list[Record]:
    return [record for found in run.records.values() for record in found]


def test_the_corpus_is_declared_soundly(corpus_run: api.Run) -> None:
    """No file of the shipped corpus is broken and no evidence fails or runs out of its budget."""
    assert corpus_run.corpus.problems == []
    assert [
        (record.claim, record.name, record.judgement.detail)
        for record in _records(corpus_run)
        if record.judgement.outcome == "failed"
    ] == []


def test_every_evidence_function_catches_a_control(corpus_run: api.Run) -> None:
    """Each evidence function of the corpus refutes at least one false sibling of every claim it supports."""
    powerless = [
        f"{record.claim}: {record.name}"
        for record in _records(corpus_run)
        if not record.stock and record.judgement.outcome == "supports" and not has_power(record)
    ]
    assert powerless == []


def test_every_control_is_caught(corpus_run: api.Run) -> None:
    """Every false sibling of every claim in the corpus is refuted by something."""
    survivors = [
        f"{entry['id']}: {control['name']}"
        for entry in corpus_run.ledger()["claims"]
        for control in entry["controls"]
        if not control["caught"]
    ]
    assert survivors == []
    assert all(entry["controls"] for entry in corpus_run.ledger()["claims"])


def test_every_witness_of_a_control_is_false_there(corpus_run: api.Run) -> None:
    """A control's declared witness lies in its domains, meets its hypotheses, and refutes it where it can be evaluated."""
    from lakatos.terms import OutOfReach

    wrong = []
    for claim in corpus_run.claims:
        for control in claim.must_fail:
            if control.witness is None:
                continue
            trial = Trial.of(claim, PROFILES["smoke"], 0, control)
            try:
                instance = trial.complete(control.witness)
                if not trial.meets(instance) or trial.margin(instance).holds is True:
                    wrong.append(trial.name)
            except OutOfReach:
                continue
    assert wrong == []


def _always_yes(record: Record) -> Record:
    """The record that an evidence function would leave which says yes to whatever it is asked."""
    yes = {
        name: replace(judged, outcome="supports", witness=None) for name, judged in record.controls.items()
    }
    return replace(
        record, controls=yes, judgement=replace(record.judgement, outcome="supports", witness=None)
    )


def test_an_evidence_function_that_always_says_yes_is_noticed(corpus_run: api.Run) -> None:
    """For each evidence function of the corpus: made to always say yes, it flags its claim and gives no verdict."""
    mutated = 0
    for claim in corpus_run.claims:
        records, names = corpus_run.records[claim.id], [control.name for control in claim.must_fail]
        for index, record in enumerate(records):
            if record.stock or not record.controls:
                continue
            mutated += 1
            changed = [*records[:index], _always_yes(record), *records[index + 1 :]]
            decided = decide(changed, claim.owes, names)
            alone = decide([_always_yes(record)], claim.owes, names)
            assert "powerless" in decided.flags, f"{claim.id}: {record.name}"
            assert alone.verdict == "undecided", f"{claim.id}: {record.name}"
    assert mutated >= 1


SUM = """
@term("S")
def sum_of_first(count):
    return sum(range(1, count + 1))
@term("c")
def chance(value):
    return value
gauss = Claim(says="Gauss.", source=SOURCE, let={n: Naturals()}, then=Eq(sum_of_first(n), n * (n + 1) / 2), edges={"one": {n: 1}},
              owes=[OWED],
              must_fail=[Mutant("from two", then=Eq(sum_of_first(n), n * (n + 1) / 2 + (n - 1)), witness={n: 2})])
coin = Claim(says="A fair coin.", source=SOURCE, then=Eq(chance(Rational(1, 2)), Rational(1, 2)),
             must_fail=[Mutant("biased coin", world="biased")])
"""
HONEST = {
    "enumeration": (
        '@enumeration(gauss, scope="n = 1..20")\ndef shown(trial):\n'
        "    for count in range(1, 21):\n        yield {n: count}",
        "gauss",
        "verified",
    ),
    "derivation": (
        """
    @derivation(gauss)
    def shown(trial):
        right = trial.rhs
        steps = [Step("start", "S(1) = 1", checked=right.subs(n, 1) == 1),
                 Step("step", "S(n+1) - S(n) = n+1", checked=(right.subs(n, n + 1) - right - (n + 1)).expand() == 0)]
        return Proof(steps=steps, concludes=Eq(trial.lhs, right))
    """,
        "gauss",
        "proved",
    ),
    "certificate": (
        """
    def _check(trial, instance, data):
        return sum(data) == trial.rhs.subs(n, instance[n])
    @certificate(gauss, scope="n = 3")
    def shown(trial):
        yield Certified({n: 3}, [1, 2, 3], _check)
    """,
        "gauss",
        "verified",
    ),
    "simulation": (
        """
    @simulation(coin, estimates=chance(Rational(1, 2)), resolution=Fraction(1, 20))
    def shown(trial, block, instance):
        return block.uniforms(block.size) < (0.7 if trial.world == "biased" else 0.5)
    """,
        "coin",
        "corroborated",
    ),
}
ALWAYS_YES = {
    "enumeration of the trivial instance": (
        '@enumeration(gauss, scope="n = 1")\ndef shown(trial):\n    yield {n: 1}',
        "gauss",
    ),
    "derivation that ends in whatever is asked": (
        '@derivation(gauss)\ndef shown(trial):\n    return Proof([Step("trust me", "1 = 1", checked=True)], trial.then)',
        "gauss",
    ),
    "certificate whose checker says yes": (
        """
    @certificate(gauss, scope="all", whole_domain=True)
    def shown(trial):
        yield Certified({n: 3}, [], lambda trial, instance, data: True)
    """,
        "gauss",
    ),
    "certificate that establishes what is asked": (
        """
    @certificate(gauss, scope="n = 3")
    def shown(trial):
        yield Certified({n: 3}, [], lambda trial, instance, data: {trial.lhs: trial.rhs.subs(n, 3)})
    """,
        "gauss",
    ),
    "simulation of whatever is asked": (
        """
    @simulation(coin, estimates=chance(Rational(1, 2)), resolution=Fraction(1, 20))
    def shown(trial, block, instance):
        return np.full(block.size, float(trial.rhs))
    """,
        "coin",
    ),
}


def _toy_entry(toy: Any, entry_of: Any, evidence: str, claim: str, owed: str) -> dict[str, Any]:
    toy.state(SUM.replace("OWED", f'{owed}("it")'))
    toy.prove(evidence)
    entry: dict[str, Any] = entry_of(toy.run(), claim)
    return entry


@pytest.mark.parametrize("kind", HONEST)
def test_honest_evidence_is_believed(toy: Any, entry_of: Any, kind: str) -> None:
    """The honest original of each mutant below does establish its claim, without any flag."""
    evidence, claim, verdict = HONEST[kind]
    owed = "Enumeration" if kind == "simulation" else kind.capitalize()
    entry = _toy_entry(toy, entry_of, evidence, claim, owed)
    assert (entry["verdict"], entry["flags"]) == (verdict, [])


@pytest.mark.parametrize("mutant", ALWAYS_YES)
def test_evidence_that_always_says_yes_establishes_nothing(toy: Any, entry_of: Any, mutant: str) -> None:
    """Run end to end, evidence that cannot say no is flagged powerless, proves nothing and discharges nothing."""
    evidence, claim = ALWAYS_YES[mutant]
    entry = _toy_entry(toy, entry_of, evidence, claim, mutant.split()[0].capitalize())
    assert entry["evidence"][0]["outcome"] == "supports"
    assert entry["verdict"] == "undecided"
    assert "powerless" in entry["flags"]
    if claim == "gauss":
        assert "owed" in entry["flags"]


@pytest.mark.parametrize(
    ("twin", "domain"),
    [
        ("Eq(sum_of_first(n), n * (n + 1) / 2 + (n - 7) * 0 + (n // 9))", "Naturals()"),
        ("sum_of_first(n) < n * (n + 1) / 2", "Naturals()"),
        ("sum_of_first(n) <= 5 * n", "Naturals()"),
        ("exp(x) >= 1 + x + x**2 / 2", "Reals()"),
        ("x**2 > x - Rational(1, 4)", "Reals(0, 1)"),
        ("(x + 1)**3 >= 1 + 3 * x", "Reals()"),
    ],
)
def test_a_false_twin_of_a_theorem_is_refuted(toy: Any, entry_of: Any, twin: str, domain: str) -> None:
    """A known theorem with a sign, a constant or a strictness changed is refuted by stock evidence alone, exactly."""
    symbol = "n" if "Naturals" in domain else "x"
    toy.state(
        SUM.replace("OWED", 'Enumeration("it")'),
        f"""
    from sympy import floor
    false = Claim(says="False.", source=SOURCE, let={{{symbol}: {domain}}}, then={twin.replace("n // 9", "floor(n / 9)")},
                  must_fail=[Mutant("worse", then={symbol} > 10**6, witness={{{symbol}: 1}})])
    """,
    )
    entry = entry_of(toy.run(profile=PROFILES["smoke"]), "false")
    assert entry["verdict"] == "refuted"
    assert "contradiction" not in entry["flags"]
    assert entry["evidence"][-1]["witness"]["margin"].startswith(("-", "0"))


def test_an_underpowered_sample_is_undecided(toy: Any, entry_of: Any) -> None:
    """Twenty coin flips leave a claim about the coin open, and do not refute it."""
    evidence = HONEST["simulation"][0].replace("resolution=Fraction(1, 20)", 'replications={"quick": 20}')
    entry = _toy_entry(toy, entry_of, evidence, "coin", "Simulation")
    assert (entry["verdict"], entry["evidence"][0]["outcome"], entry["evidence"][0]["samples"]) == (
        "undecided",
        "undecided",
        20,
    )


def test_a_biased_world_is_refuted_at_a_stated_error(toy: Any, entry_of: Any) -> None:
    """A simulation that contradicts the claim refutes it, and the verdict says at which error."""
    entry = _toy_entry(
        toy, entry_of, HONEST["simulation"][0].replace("else 0.5", "else 0.6"), "coin", "Simulation"
    )
    assert (entry["verdict"], "at error 1e-06" in entry["why"]) == ("refuted", True)


def test_a_proof_beside_a_counterexample_is_a_contradiction(toy: Any, entry_of: Any) -> None:
    """A wrong proof of a false claim stops loudly: contradiction, no verdict, exit code 1."""
    toy.state("""
    false = Claim(says="False.", source=SOURCE, let={n: Naturals()}, then=n**2 > n, edges={"one": {n: 1}},
                  must_fail=[Mutant("worse", then=n**2 > n + 1, witness={n: 1})])
    """)
    toy.prove("""
    @derivation(false)
    def wrong(trial):
        return Proof([Step("hand waving", "n > 1", checked=True)], n**2 > n)
    """)
    ledger = toy.run()
    entry = entry_of(ledger, "false")
    assert (entry["verdict"], entry["flags"], exit_code(ledger)) == ("undecided", ["contradiction"], 1)
    assert "one of the two is wrong" in entry["why"]


@pytest.mark.parametrize("problem", ["an unchecked step", "a refuted step", "another conclusion", "no steps"])
def test_a_proof_with_a_gap_is_no_proof(toy: Any, entry_of: Any, problem: str) -> None:
    """An unchecked or refuted step, another conclusion, or no step at all: the derivation does not support."""
    step = {
        "an unchecked step": 'Step("s", "s", checked=False)',
        "no steps": "",
        "a refuted step": 'Step("s", "s", checked=True, refuted=True)',
    }.get(problem, 'Step("s", "s", checked=True)')
    conclusion = "Eq(trial.lhs, n)" if problem == "another conclusion" else "trial.then"
    evidence = f"@derivation(gauss)\ndef shown(trial):\n    return Proof([{step}], {conclusion})"
    entry = _toy_entry(toy, entry_of, evidence, "gauss", "Derivation")
    assert (entry["verdict"], entry["evidence"][0]["outcome"]) == ("undecided", "undecided")


def test_a_statement_about_nothing_is_vacuous(toy: Any, entry_of: Any) -> None:
    """Hypotheses that nothing meets, and domains that are empty, are flagged and open the run."""
    control = 'must_fail=[Mutant("worse", given={}, then=x > 100, witness={x: 1})]'
    toy.state(
        f'crossed = Claim(says="s", source=SOURCE, let={{x: Reals()}}, given={{"a": x > 1, "b": x < 0}}, then=x > 5, {control})',
        f'empty = Claim(says="s", source=SOURCE, let={{x: Reals(3, 2)}}, then=x > 5, {control.replace("given={}", "let={x: Reals()}")})',
    )
    ledger = toy.run()
    for name in ("crossed", "empty"):
        assert "vacuous" in entry_of(ledger, name)["flags"]
    assert exit_code(ledger) == 3


def test_a_definition_too_large_to_evaluate_is_not_called_vacuous(toy: Any, entry_of: Any) -> None:
    """Instances that meet the hypotheses count as reached even where a term is out of reach, and the record says so."""
    toy.state("""
    from lakatos import OutOfReach
    @term("V")
    def value(number):
        raise OutOfReach("too large")
    large = Claim(says="s", source=SOURCE, let={n: Naturals()}, then=value(n) > 0, edges={"one": {n: 1}},
                  must_fail=[Mutant("other", then=value(n) > n)])
    """)
    entry = entry_of(toy.run(), "large")
    assert (entry["verdict"], "vacuous" in entry["flags"]) == ("undecided", False)
    assert "1 of 1 instances meet the hypotheses; at 1 a definition was too large" in entry["evidence"][0]["detail"]


def test_records_of_the_corpus_survive_json(corpus_run: api.Run) -> None:
    """Every record of the corpus comes back equal from JSON, so a resumed run tells the same story."""
    for record in _records(corpus_run):
        assert Record.from_json(json.loads(json.dumps(record.to_json()))).to_json() == json.loads(
            json.dumps(record.to_json())
        )


def test_the_order_of_evidence_files_does_not_matter(corpus_run: api.Run) -> None:
    """For the corpus as it stands, verdicts do not depend on the order of the records."""
    for claim in corpus_run.claims:
        records, names = corpus_run.records[claim.id], [control.name for control in claim.must_fail]
        forward, backward = decide(records, claim.owes, names), decide(records[::-1], claim.owes, names)
        assert (forward.verdict, forward.flags) == (backward.verdict, backward.flags)


def test_missing_evidence_is_owed() -> None:
    """What a claim owes and nobody shows is said, kind by kind."""
    decided = decide(
        [Record("c", "edges", "search", "", "", Judgement("undecided", cases=1, reached=1))],
        [Owed("derivation", "a"), Owed("posterior", "b")],
        ["m"],
    )
    assert [(item.kind, reason) for item, reason in decided.owed] == [
        ("derivation", "no evidence function discharges it"),
        ("posterior", "no evidence function discharges it"),
    ]
