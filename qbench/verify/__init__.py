"""Is it right: the exact reference, the judges and the conformance probe."""
