"""What reading may cost and how a table's text is laid out: one frozen value that every reader is given."""

from __future__ import annotations

from dataclasses import dataclass, field

from schemas.errors import UsageError
from schemas.units import MIB
from transforms.read.fields import FieldNames, field_names


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """Limits and choices of the readers. Sizes are bytes.

    `max_file_bytes` bounds what one compressed file unpacks to; `max_ratio` what it unpacks to for each of its own bytes
    once more than 1 MiB came out (the rule and the figure 100 are Apache Tika's). `max_record_bytes` bounds one record. `csv_delimiter` and
    `csv_quote` are one character each; None means told from the file.
    """

    max_file_bytes: int = 16 * 1024 * MIB
    max_ratio: float = 100.0
    max_record_bytes: int = 32 * MIB
    fields: FieldNames = field(default_factory=field_names)
    csv_delimiter: str | None = None
    csv_quote: str = '"'

    def __post_init__(self) -> None:
        """Raises UsageError for a value that no reader could work with."""
        for key in ("max_file_bytes", "max_record_bytes"):
            value = getattr(self, key)
            if value < 1:
                raise UsageError(f"input.{key} is {value}; it must be at least 1 byte")
        if self.max_ratio < 1:
            raise UsageError(f"input.max_ratio is {self.max_ratio}; it must be at least 1")
        if self.csv_delimiter is not None and len(self.csv_delimiter) != 1:
            raise UsageError(f"input.csv_delimiter is {self.csv_delimiter!r}; it must be one character")
        if len(self.csv_quote) != 1:
            raise UsageError(f"input.csv_quote is {self.csv_quote!r}; it must be one character")
