"""Bytes to text: charset detection and the repair of mojibake."""
