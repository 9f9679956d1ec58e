"""Writes the golden files anew: run by hand after a wanted change, then read the difference."""

from test_closing import GOLDEN, PLANS, build

from qbench.report.text import closing

if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for plan in PLANS:
        (GOLDEN / f"{plan.__name__}.txt").write_bytes(f"{closing(build(plan()))}\n".encode())
