"""What pyproject.toml cannot say of the wheel: templates and static files, which stand beside the packages
in a checkout, go into `gallery`, and the sentences of other languages are compiled."""

import shutil
from pathlib import Path

import polib
from setuptools import setup
from setuptools.command.build_py import build_py


class WholeSite(build_py):
    def run(self) -> None:
        super().run()
        gallery = Path(self.build_lib) / "gallery"
        for folder in ("templates", "static"):
            shutil.copytree(folder, gallery / folder, dirs_exist_ok=True)
        for po in gallery.glob("locale/*/LC_MESSAGES/*.po"):
            polib.pofile(str(po)).save_as_mofile(str(po.with_suffix(".mo")))


setup(cmdclass={"build_py": WholeSite})
