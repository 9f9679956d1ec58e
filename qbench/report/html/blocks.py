"""Data within the page: JSON that no name can leave, packed where it is large.

Small blocks are JSON as it is, with everything escaped that HTML might obey.  Large ones are packed with gzip
and written in base64; the page unpacks them when they are looked at.  The table of cells of ``standard``
(15 467 rows) takes a fifth so.
"""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import dataclass
from typing import Any

__all__ = ["PLAIN_UP_TO", "Block", "block_of", "packed", "safe_json"]

PLAIN_UP_TO = 16_384
"""Characters of JSON that stay readable in the file's source."""

_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What stands in a ``script`` element of data: its id, whether it is packed, its text."""

    id: str
    packed: bool
    text: str


def safe_json(data: Any) -> str:
    r"""JSON in ASCII without ``<``, ``>`` and ``&``: it ends no element, opens none, and reads back the same.

    U+2028, U+2029, bidirectional controls and lone surrogates are escaped as all that is not ASCII.  Raises
    ``ValueError`` for a number that JSON has not (NaN, infinity).

    >>> print(safe_json({"name": "</script>&\u2028"}))
    {"name":"\u003c/script\u003e\u0026\u2028"}
    """
    return json.dumps(data, separators=(",", ":"), ensure_ascii=True, allow_nan=False).translate(_ESCAPES)


def packed(data: bytes) -> str:
    """The bytes under gzip in base64; the same bytes give the same text, for no time is kept.

    >>> base64.b64decode(packed(b"qbench"))[:10].hex()
    '1f8b08000000000002ff'
    """
    made = bytearray(gzip.compress(data, compresslevel=9, mtime=0))
    made[9] = 0xFF  # the system that packed it: unknown
    return base64.b64encode(bytes(made)).decode("ascii")


def block_of(name: str, data: Any, plain_up_to: int = PLAIN_UP_TO) -> Block:
    """The data as a block; packed where its JSON has more than ``plain_up_to`` characters.

    >>> block_of("sizes", [2, 3]).text
    '[2,3]'
    >>> block_of("sizes", [2, 3], plain_up_to=0).packed
    True
    """
    text = safe_json(data)
    if len(text) <= plain_up_to:
        return Block(id=name, packed=False, text=text)
    return Block(id=name, packed=True, text=packed(text.encode("ascii")))
