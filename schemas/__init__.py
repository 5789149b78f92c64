"""The typed records that flow through the pipeline, the tables they end in, and the fixed lists of codes."""
