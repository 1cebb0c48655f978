"""Exact evidence for the equivalence of DPO and RLHF."""
