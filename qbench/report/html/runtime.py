"""The charts' runtime: plotly.js, as the Python package ``plotly`` brings it, packed for the page.

4.8 MB of script become about 1.9 MB of text.  The page unpacks it with ``DecompressionStream`` and runs it as
an inline script, whose SHA-256 its Content-Security-Policy names: nothing else can run.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qbench.errors import QbenchError
from qbench.report.html.blocks import packed

__all__ = ["Runtime", "chart_runtime", "script_hash"]

_VERSION = re.compile(r"plotly\.js v([0-9][0-9A-Za-z.+-]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """``text`` is the packed script, ``policy`` what the page's policy names it by."""

    text: str
    policy: str
    version: str


def script_hash(text: str) -> str:
    """A script as a Content-Security-Policy names it.

    >>> script_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@cache
def chart_runtime() -> Runtime:
    """plotly.js from the installed package, found without importing it.

    Raises ``QbenchError`` where the package is missing or has no such file.
    """
    spec = importlib.util.find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise QbenchError(
            "the report's charts need the package plotly, which is not installed here.\n"
            "It is one of qbench's plain dependencies: python -m pip install plotly"
        )
    path = Path(next(iter(spec.submodule_search_locations))) / "package_data" / "plotly.min.js"
    try:
        # Line ends as a browser counts them in an inline script, or the policy's hash would not fit.
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QbenchError(
            f"{path}: plotly.js cannot be read ({error}); install the package plotly again"
        ) from error
    found = _VERSION.search(text[:2000])
    return Runtime(
        text=packed(text.encode("utf-8")),
        policy=script_hash(text),
        version=found[1] if found else "of an unknown version",
    )
