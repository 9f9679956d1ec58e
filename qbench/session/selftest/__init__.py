"""The harness measures itself: what is run for it, how, and what is kept."""
