"""Where a worker was, read from what faulthandler writes, also in the form that newer Pythons give it."""

from __future__ import annotations

from pathlib import Path

from qbench.measure.last_words import place

# What Python 3.14 writes at a fatal signal.
WITH_C_STACK = """
Fatal Python error: Segmentation fault

Current thread 0x00007f31 (most recent call first):
  File "/lib/ctypes/__init__.py", line 521 in string_at
  File "toy.py", line 4 in execute
  File "/lib/worker.py", line 5 in ask

Current thread's C stack trace (most recent call first):
  Binary file "/lib/libpython3.14.so.1.0", at _Py_DumpStack+0x3e [0x7f31]
  Binary file "/lib/libc.so.6", at +0x3c050 [0x7f32]
  <truncated rest of calls>

Extension modules: numpy._core._multiarray_umath (total: 1)
"""


def test_a_c_stack_after_the_traceback_hides_it_not() -> None:
    found = place(WITH_C_STACK, Path("toy.py"))
    assert found == "in execute, line 4 of the simulator's file (string_at, line 521 of __init__.py)"


def test_the_last_traceback_counts() -> None:
    earlier = 'Current thread 0x01 (most recent call first):\n  File "toy.py", line 9 in readback\n\n'
    assert "in execute, line 4" in (place(earlier + WITH_C_STACK, Path("toy.py")) or "")


def test_headers_without_frames_are_no_traceback() -> None:
    for text in ("", "Current thread 0x01 (most recent call first):\n  <no Python frame>\n"):
        assert place(text, Path("toy.py")) is None
