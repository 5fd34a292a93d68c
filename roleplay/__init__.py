"""Roleplay: a flight simulator for empathy."""

__version__ = "0.1.0"
