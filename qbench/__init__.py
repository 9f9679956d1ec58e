"""qbench: the same small circuits on several simulators, timed and checked."""

__version__ = "0.1.0"
