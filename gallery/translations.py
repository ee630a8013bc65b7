"""Compiles the sentences of other languages, without gettext's programs.

`python -m gallery.translations` does it for the whole project; what is up to date is left alone.
"""

from pathlib import Path

import polib

LOCALE_FOLDER = Path(__file__).parent / "locale"


def compile_all(folder: Path = LOCALE_FOLDER) -> list[Path]:
    """Writes a .mo beside each .po that is newer. Returns those written. Raises OSError for a broken .po."""
    return [_compile(po) for po in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _is_stale(po)]


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


def _compile(po: Path) -> Path:
    """Put in place whole: a site that starts beside this one may be reading it."""
    mo = po.with_suffix(".mo")
    new = mo.with_suffix(".mo.new")
    polib.pofile(str(po)).save_as_mofile(str(new))
    return new.replace(mo)


if __name__ == "__main__":
    compile_all()
