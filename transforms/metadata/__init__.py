"""Collecting what a page states about itself: one source a file; `transforms.page_metadata` puts them together."""
