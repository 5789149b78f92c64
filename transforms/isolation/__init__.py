"""Limits on what one record may cost, and the child process for records that look as if they might exceed them."""
