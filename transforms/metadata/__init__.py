"""Collecting what a page states about itself: one source a file; `transforms.metadata.page_metadata` puts them together."""
