"""Lakatos: proofs and refutations, as software. A claim goes in as code; a verdict comes out with its reasons."""

from lakatos.claims import (
    Certificate,
    Claim,
    Derivation,
    Drop,
    Enumeration,
    Finding,
    Modelled,
    Mutant,
    Paper,
    Posterior,
    Search,
    Simulation,
    Source,
)
from lakatos.domains import Choice, Custom, Fixed, Integers, Naturals, Permutations, Reals, Simplex, Vectors
from lakatos.evidence import (
    Case,
    Certified,
    Proof,
    Proposals,
    Step,
    certificate,
    derivation,
    enumeration,
    figure,
    search,
    simulation,
)
from lakatos.terms import OutOfReach, define, predicate, term

__version__ = "0.1.0"

__all__ = [
    "Case", "Certificate", "Certified", "Choice", "Claim", "Custom", "Derivation", "Drop", "Enumeration", "Finding",
    "Fixed", "Integers", "Modelled", "Mutant", "Naturals", "OutOfReach", "Paper", "Permutations", "Posterior",
    "Proof", "Proposals", "Reals", "Search", "Simplex", "Simulation", "Source", "Step", "Vectors", "certificate",
    "define", "derivation", "enumeration", "figure", "predicate", "search", "simulation", "term",
]


def __getattr__(name: str) -> object:
    """`lakatos.load`, `lakatos.verify`: loaded on first use, so that statements import little."""
    if name in ("load", "verify"):
        from lakatos import api

        return getattr(api, name)
    raise AttributeError(f"module 'lakatos' has no attribute '{name}'")
