"""What the self-test's records say of the harness and of the machine."""
