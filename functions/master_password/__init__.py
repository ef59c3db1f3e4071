"""The function that sets the master password of a database from an operator's secret."""
