"""Statements: one file, or one folder, per paper. Readable top to bottom as an executable abstract; no evidence."""
