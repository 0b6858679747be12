"""Joins use cases to adapters: the only place that sees all."""
