"""``python -m qbench`` is the same program as ``qbench``."""

from qbench.cli.main import main

if __name__ == "__main__":
    main()
