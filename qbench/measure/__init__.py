"""How it is timed: the worker, the pool of workers and the schedule."""
