"""The data lake: paths, staging, merge, commit, ledger, verification."""
