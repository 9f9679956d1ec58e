"""An example of a distribution that brings a simulator to qbench."""
