"""The embedded engine: a collection's Whoosh index, searched."""

from .engine import WhooshEngine

__all__ = ["WhooshEngine"]
