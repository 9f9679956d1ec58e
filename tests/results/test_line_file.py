"""One append-only file: what was written stays, whatever refuses or interrupts the next line."""

from __future__ import annotations

import json
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbench.errors import QbenchError
from qbench.results.line_file import LineFile, encode_line

RECORD = {"event": "block_done", "block": "b" * 50, "attempt": 1}


@contextmanager
def opened(path: Path) -> Iterator[LineFile]:
    file = LineFile(path)
    try:
        file.repair()
        yield file
    finally:
        file.close()


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@settings(max_examples=40, deadline=None)
@given(earlier=st.integers(0, 5), at_once=st.integers(1, 4), data=st.data())
def test_a_write_that_does_not_fit_leaves_what_was_there(
    earlier: int, at_once: int, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "lines") as file:
        file.append([RECORD] * earlier)
        before = file.path.read_bytes()
        wanted = len(b"".join(encode_line({**RECORD, "seq": earlier + i}) for i in range(at_once)))
        room = data.draw(st.integers(0, wanted - 1))
        with no_file_larger_than(len(before) + room), pytest.raises(OSError, match="File too large"):
            file.append([RECORD] * at_once)
        assert file.path.read_bytes() == before
        written = file.append([RECORD])
        lines = file.path.read_bytes().splitlines()
        assert json.loads(lines[-1]) == written[0]
        numbers = [json.loads(line)["seq"] for line in lines]
        assert numbers == sorted(set(numbers))


@settings(max_examples=60, deadline=None)
@given(
    numbers=st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=4),
    torn=st.text(st.characters(codec="utf-8", exclude_characters="\n")).map(str.encode),
    long=st.booleans(),
)
def test_numbers_go_on_behind_whatever_a_kill_left(
    numbers: list[int | None], torn: bytes, long: bool
) -> None:
    filler = "x" * 70_000 if long else ""  # longer than what is read back at once
    lines = [encode_line({"f": filler} | ({} if seq is None else {"seq": seq})) for seq in numbers]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines"
        path.write_bytes(b"".join(lines) + torn * (70_000 if long else 1))
        with opened(path) as file:
            assert path.read_bytes() == b"".join(lines)
            (written,) = file.append([RECORD])
        last = numbers[-1] if numbers else None
        assert written["seq"] == (len(numbers) if last is None else last + 1)
        assert path.read_bytes() == b"".join([*lines, encode_line(written)])


@pytest.mark.parametrize(
    "line", [b"{broken\n", b"[1]\n", b'{"seq":-1}\n', b'{"seq":true}\n', b"\n", b"\xff\n"]
)
def test_a_last_line_that_is_no_record_is_no_place_to_go_on(line: bytes, tmp_path: Path) -> None:
    (tmp_path / "lines").write_bytes(line)
    with pytest.raises(QbenchError, match="its last line is no record"), opened(tmp_path / "lines"):
        pass
    assert (tmp_path / "lines").read_bytes() == line


def test_an_interruption_gives_no_number_twice(tmp_path: Path) -> None:
    with opened(tmp_path / "lines") as file:
        file.append([RECORD])
        with pytest.raises(TypeError):  # fails after the numbers were given, as a signal may
            file.append([{"unwritable": object()}])
        file.append([RECORD])
        seqs = [json.loads(line)["seq"] for line in file.path.read_bytes().splitlines()]
    assert seqs == sorted(set(seqs))
