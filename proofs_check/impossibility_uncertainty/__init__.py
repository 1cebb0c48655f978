"""Exact evidence for impossibility and uncertainty theorems."""
