"""SQL over a lake: ready-made views of its tables, and what a query gives in several forms."""
