"""Adapters of the desk port: one file for each ticket system."""
