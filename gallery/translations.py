"""Compiles the sentences of other languages, without gettext's programs.

`python -m gallery.translations` does it for the whole project; what is up to date is left alone.
"""

from importlib.util import find_spec
from pathlib import Path

from providers.registry import SERVICES


def catalog_folders() -> list[Path]:
    """The gallery's, with what several say, and those of each service that has sentences of its own."""
    specs = [find_spec(package) for package in ("gallery", *SERVICES)]
    folders = [
        Path(place) / "locale" for spec in specs if spec for place in spec.submodule_search_locations or ()
    ]
    return [folder for folder in folders if folder.is_dir()]


def compile_all() -> list[Path]:
    """Writes a .mo beside each .po that is newer. Returns those written. Raises OSError for a broken .po."""
    return [_compile(po) for folder in catalog_folders() for po in _catalogs(folder) if _is_stale(po)]


def _catalogs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/LC_MESSAGES/*.po"))


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


def _compile(po: Path) -> Path:
    """Put in place whole: a site that starts beside this one may be reading it."""
    import polib  # slow to import, and the settings, which ask for the folders, are read by every process

    mo = po.with_suffix(".mo")
    new = mo.with_suffix(".mo.new")
    polib.pofile(str(po)).save_as_mofile(str(new))
    return new.replace(mo)


if __name__ == "__main__":
    compile_all()
