"""Reviewed data: default settings, rule files, agencies, licences, sample articles."""
