"""Sampled evidence for the hat problem."""
