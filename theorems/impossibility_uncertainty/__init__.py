"""Eckersley 2018: impossibility theorems for objectives, turned into lower bounds on their uncertainty."""
