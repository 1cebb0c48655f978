"""Levine's hat problem: setting, two players, biased hats and more players, the continuous game."""
