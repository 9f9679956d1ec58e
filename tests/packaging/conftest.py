"""The wheel of this checkout, built once."""

from __future__ import annotations

from pathlib import Path

import pytest
from wheels import REPOSITORY, build_wheel


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(REPOSITORY, tmp_path_factory.mktemp("wheel"))
