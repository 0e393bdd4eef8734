"""Tickets: what the Central takes, from whom, for which product. Pure Python."""
