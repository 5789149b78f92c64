"""Units that several parts share."""

from __future__ import annotations

MIB = 1024 * 1024
"""Bytes of a mebibyte."""
