"""Licences by their SPDX identifiers: those that simulators, records and data are published under.

From the SPDX licence list (https://spdx.org/licenses/), which has several hundred.  A word that is not here
stays a word: an address of a licence that does not exist would be worse than none.
"""

from __future__ import annotations

__all__ = ["spdx_identifier"]

_KNOWN = (
    *("0BSD", "AFL-3.0", "AGPL-3.0-only", "AGPL-3.0-or-later", "Apache-2.0", "Artistic-2.0"),
    *("BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Clear", "BSL-1.0", "CC0-1.0", "CC-BY-3.0", "CC-BY-4.0"),
    *("CC-BY-NC-4.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0"),
    *("CDLA-Permissive-1.0", "CDLA-Permissive-2.0", "CDLA-Sharing-1.0", "CECILL-2.1", "ECL-2.0", "EPL-1.0"),
    *("EPL-2.0", "EUPL-1.1", "EUPL-1.2", "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only"),
    *("GPL-3.0-or-later", "ISC", "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"),
    *("MIT", "MIT-0", "MPL-2.0", "MS-PL", "NCSA", "ODbL-1.0", "ODC-By-1.0", "OSL-3.0", "PDDL-1.0"),
    *("PostgreSQL", "PSF-2.0", "Python-2.0", "Unlicense", "UPL-1.0", "W3C", "Zlib"),
)
_BY_WORD = {name.lower(): name for name in _KNOWN}


def spdx_identifier(text: str) -> str | None:
    """The identifier as SPDX writes it; None where the text is none that is known here.

    >>> spdx_identifier("cc-by-4.0"), spdx_identifier("proprietary"), spdx_identifier("GPL")
    ('CC-BY-4.0', None, None)
    """
    return _BY_WORD.get(text.strip().lower())
