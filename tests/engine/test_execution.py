"""Supervised execution: evidence that misbehaves costs its own record and nothing else; workers change nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from lakatos.ledger import without_timings
from lakatos.trial import Profile

SHORT = Profile("short", examples=20, replications=1000, seconds=1.5, memory_gib=1.5)
SQUARES = """
squares = Claim(says="A square is at least its root.", source=SOURCE, let={n: Naturals()}, then=n**2 >= n,
                edges={"one": {n: 1}}, must_fail=[Mutant("strict", then=n**2 > n, witness={n: 1})])
cubes = Claim(says="A cube is at least its root.", source=SOURCE, let={n: Naturals()}, then=n**3 >= n,
              edges={"one": {n: 1}}, must_fail=[Mutant("strict", then=n**3 > n, witness={n: 1})])
"""
GOOD = """
@enumeration(cubes, scope="to 9")
def good(trial):
    for count in range(1, 10):
        yield {n: count}
"""
MISBEHAVIOUR = {
    "raises": ("raise ValueError('on purpose')", "raised ValueError: on purpose (toy.py:"),
    "hangs": ("while True: pass", "exceeded 1.5 s, the limit of the profile 'short'"),
    "allocates without bound": (
        "held = []\n    while True: held.append(np.empty(5 * 10**7))",
        "ran out of memory (limit 1.5 GiB)",
    ),
    "exits at once": ("os._exit(3)", "exited with code 3"),
    "calls sys.exit": ("import sys; sys.exit(4)", "toy.squares"),
    "crashes": ("os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
    "is killed": ("os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
    "recurses without end": ("def f(): return f() + 1\n    f()", "raised RecursionError"),
    "interrupts": ("raise KeyboardInterrupt", "toy.squares"),
    "yields nonsense": ("yield 3", "yield an instance (a mapping) or a Case, not int"),
    "yields an incomplete instance": ("yield {}", "gives no value for n"),
    "yields a float": ("yield {n: 0.5}", "n = 0.5 is a float: use int or Fraction"),
    "yields NumPy numbers": ("yield {n: np.int64(3)}", "n = 3 is a int64: use int or Fraction"),
    "returns nothing": ("return None", "toy.squares"),
    "needs what is not there": (
        "import a_package_that_is_not_there",
        "needs the Python package a_package_that_is_not_there",
    ),
}


@pytest.mark.parametrize("how", MISBEHAVIOUR)
def test_misbehaving_evidence_takes_nothing_else_down(toy: Any, entry_of: Any, how: str) -> None:
    """The record names claim, evidence and what happened; the other claim and other evidence complete."""
    body, message = MISBEHAVIOUR[how]
    toy.state(SQUARES)
    toy.prove(f'@enumeration(squares, scope="none")\ndef misbehaving(trial):\n    {body}', GOOD)
    ledger = toy.run(profile=SHORT)
    squares, cubes = entry_of(ledger, "squares"), entry_of(ledger, "cubes")
    record = next(item for item in squares["evidence"] if item["name"] == "misbehaving")
    assert message in record["detail"]
    if how == "needs what is not there":
        assert (record["outcome"], squares["flags"]) == ("not evaluated", [])
    else:
        assert record["outcome"] == "failed"
        assert "failed" in squares["flags"]
        assert "misbehaving" in record["detail"]
    assert [item["outcome"] for item in squares["evidence"][1:]] == ["undecided", "undecided"]
    assert (cubes["verdict"], cubes["flags"]) == ("verified", [])


def test_a_hang_in_a_control_is_limited_too(toy: Any, entry_of: Any) -> None:
    """Time spent on the controls counts: evidence that hangs only there fails."""
    toy.state(SQUARES)
    toy.prove("""
    @enumeration(squares, scope="none")
    def slow_on_controls(trial):
        yield {n: 2}
        while trial.control is not None: pass
    """)
    record = entry_of(toy.run(profile=SHORT), "squares")["evidence"][0]
    assert (record["outcome"], "exceeded 1.5 s" in record["detail"]) == ("failed", True)


COIN = """
@term("c")
def chance(value):
    return value
coin = Claim(says="A coin.", source=SOURCE, let={p: Reals(0, 1)}, then=Eq(chance(p), p), edges={"fair": {p: Rational(1, 2)}},
             must_fail=[Mutant("off", then=Eq(chance(p), p + Rational(1, 10)), witness={p: Rational(1, 2)})])
wrong = Claim(says="False.", source=SOURCE, let={n: Naturals(), p: Reals(0, 9)}, then=n * p <= n + p + 17,
              must_fail=[Mutant("lower", then=n * p <= n + p, witness={n: 9, p: 9})])
"""
PLAY = """
@simulation(coin, estimates=chance(p), at=[{p: Fraction(1, 2)}, {p: Fraction(1, 3)}], resolution=Fraction(1, 20))
def play(trial, block, instance):
    return block.uniforms(block.size) < float(instance[p])
"""


@pytest.mark.parametrize("seed", [0, 5])
def test_results_do_not_depend_on_the_number_of_workers(toy: Any, seed: int) -> None:
    """One, two or three workers give the same ledger, apart from timings."""
    toy.state(SQUARES, COIN)
    toy.prove(GOOD)
    toy.prove(PLAY, drawer="simulators")
    ledgers = [without_timings(toy.run(workers=workers, seed=seed)) for workers in (1, 2, 3)]
    assert ledgers[0] == ledgers[1] == ledgers[2]
    assert {entry["name"]: entry["verdict"] for entry in ledgers[0]["claims"]} == {
        "squares": "undecided",
        "cubes": "verified",
        "coin": "corroborated",
        "wrong": "refuted",
    }


def test_results_do_not_depend_on_what_else_is_imported(toy: Any) -> None:
    """The stock search draws the same instances whether or not other local modules are loaded."""
    toy.state("""
    from sympy import Mod
    wrong = Claim(says="Met by one number in seven, and by every constant of another file.", source=SOURCE,
                  let={n: Naturals(search_to=5000)}, given={"a": Eq(Mod(n, 7), 6)}, then=n >= 6,
                  must_fail=[Mutant("lower", then=n <= 6)])
    """)
    extra = toy.write("full_of_constants.py", "TABLE = [" + ", ".join(map(str, range(1000, 3000, 7))) + "]\n")
    script = (
        "import sys, json; sys.path.insert(0, {root!r}); {extra}\n"
        "from lakatos import verify; from lakatos.ledger import without_timings\n"
        "print(json.dumps(without_timings(verify({root!r}, workers=1)), sort_keys=True))"
    )
    ledgers = [
        subprocess.run(
            [sys.executable, "-c", script.format(root=f"{toy.root}/", extra=line)],
            cwd=toy.root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for line in ("", f"import {extra.stem}")
    ]
    assert '"id": "toy.wrong"' in ledgers[0]
    assert ledgers[0] == ledgers[1]


def test_different_seeds_draw_different_samples(toy: Any, entry_of: Any) -> None:
    """The seed reaches the simulation."""
    toy.state(COIN)
    toy.prove(PLAY, drawer="simulators")
    means = {
        entry_of(toy.run(seed=seed), "coin")["evidence"][0]["estimates"][0]["mean"] for seed in (0, 1, 2)
    }
    assert len(means) == 3


def test_workers_end_with_the_process_that_supervises_them(toy: Any) -> None:
    """If the supervisor is killed outright, its worker ends too, even in the middle of a unit that never returns."""
    reading, writing = os.pipe()
    toy.state(SQUARES)
    toy.prove(f"""
    @enumeration(squares, scope="never")
    def hangs(trial):
        os.write({writing}, b"started")
        while True: pass
    """)
    command = [sys.executable, "-m", "lakatos", "verify", f"{toy.root}/", "--fresh", "--workers", "1"]
    supervisor = subprocess.Popen(command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    assert os.read(reading, 7) == b"started"
    supervisor.kill()
    supervisor.wait()
    assert os.read(reading, 1) == b""  # returns when the last process that holds the pipe has gone
    os.close(reading)
