"""Exact evidence for the hat problem."""
