"""Exact evidence for the statements in `theorems`, one module per paper."""
