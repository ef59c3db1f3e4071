"""Catalogs: records delivered to a bucket as Parquet, and the tables they are read by."""
