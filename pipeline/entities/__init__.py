"""Alias files made ready: read, checked, compiled, imported."""
