"""The lake's tables as Apache Iceberg tables: the same Parquet files, with snapshots of their own."""
