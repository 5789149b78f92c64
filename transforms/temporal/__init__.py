"""Dates and quantities in running text."""
