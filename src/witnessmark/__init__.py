"""Witnessmark."""
