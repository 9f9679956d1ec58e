"""Writes the golden files anew: run by hand after a wanted change, then read the difference."""

from test_compare_page import GOLDEN, PAGES

if __name__ == "__main__":
    for name, make in PAGES.items():
        (GOLDEN / f"{name}.txt").write_bytes(f"{make()}\n".encode())
