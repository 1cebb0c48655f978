"""DPO and RLHF: what is equivalent, what is not, and what a constraint repairs."""
