"""Puts the parts together and runs them: command line, settings, graph, lake."""
