"""A storm in small: the whole site, its own two servers, and something killed each second.

In large, and by hand: `python -m tests.promises.chaos --uploads 200 --seconds 150 --seed 1`.
"""

from pathlib import Path

import pytest

from tests.promises import chaos

pytestmark = pytest.mark.whole_site


def test_storm_loses_and_doubles_no_upload(tmp_path: Path) -> None:
    figures = chaos.run(tmp_path / "data", uploads=16, seconds=15, seed=7, timeout=240)
    assert sum(figures["harm"].values()) >= chaos.LEAST_HARM, figures
    assert figures["stored"] == 16 and chaos.failures(figures) == [], figures
