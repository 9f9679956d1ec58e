"""Writes three releases of a toy simulator as wheels into a folder: python toy_releases.py wheels

They stand for what an index would have.  1.0 is plain; 2.0 is faster, and wrong for one kind of gate; 2.1 is
faster and right.
"""

import base64
import hashlib
import sys
import zipfile
from pathlib import Path

HEAD = '''"""A state vector in a list: {what}."""


def amplitude(state, index, bit, mask, matrix):
    """One amplitude after one gate."""
    if index & mask != mask:
        return state[index]
    a, b, c, d = matrix
    low, high = state[index & ~bit], state[index | bit]
    return c * low + d * high if index & bit else a * low + b * high


def run(qubits, steps):
    """Amplitudes after the steps, each a target qubit, a mask of controls and a 2x2 matrix."""
    state = [0j] * 2**qubits
    state[0] = 1 + 0j
    for target, mask, matrix in steps:
        bit = 1 << target
        a, b, c, d = matrix
'''
PLAIN = """        state = [amplitude(state, index, bit, mask, matrix) for index in range(len(state))]
    return state
"""
PAIRS = """        for start in range(0, len(state), 2 * bit):
            for index in range(start, start + bit):
                if index & mask == mask:
                    low, high = state[index], state[index | bit]
                    state[index], state[index | bit] = a * low + b * high, c * low + d * high
    return state
"""
DIAGONAL = """        if b == 0 and c == 0{only}:
            for start in range(bit, len(state), 2 * bit):
                for index in range(start, start + bit):
                    if index & mask == mask:
                        state[index] *= d
            continue
"""
RELEASES = {
    "1.0": HEAD.format(what="every amplitude of every gate") + PLAIN,
    "2.0": HEAD.format(what="pairs of amplitudes; diagonal gates touch half")
    + DIAGONAL.format(only="")
    + PAIRS,
    "2.1": HEAD.format(what="pairs of amplitudes; phase gates touch half")
    + DIAGONAL.format(only=" and a == 1")
    + PAIRS,
}


def write_wheel(folder: Path, version: str, source: str) -> Path:
    """A pure Python wheel with one module."""
    info = f"toy_simulator-{version}.dist-info"
    files = {
        "toy_simulator.py": source,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: toy-simulator\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: toy\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(text.encode())}\n"
    path = folder / f"toy_simulator-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr(f"{info}/RECORD", f"{record}{info}/RECORD,,\n")
    return path


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(exist_ok=True)
    for number, module in RELEASES.items():
        print(write_wheel(target, number, module))
