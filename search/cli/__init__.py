"""The command line: `reportsearch`. One module for each command; a command's module is imported when it is called."""

from .group import main

__all__ = ["main"]
