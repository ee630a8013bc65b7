"""`manage.py demo --photos`: a folder of photographs goes through the real upload."""

from pathlib import Path

import pytest

from tests.journeys.conftest import Site
from tests.support.painting import picture
from tests.support.person import Person

# Not in the production shape: the command walks through the pages and trusts no certificate of the day.
pytestmark = [pytest.mark.whole_site, pytest.mark.xdist_group("journeys")]
PASSWORD = "orchard-of-the-tests"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("mar #1.JPG", "Férias/sol.jpg", "Férias/Praia/日本.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(picture(text=ascii(name)))
    (tmp_path / "text.jpg").write_bytes(b"no picture")
    (tmp_path / "._mar.jpg").write_bytes(b"no picture")
    (tmp_path / "locked.jpg").symlink_to(tmp_path / "nowhere.jpg")
    return tmp_path


def test_folder_of_photographs_is_uploaded_once_however_often_it_is_sent(site: Site, folder: Path) -> None:
    site.environment["DEMO_PASSWORD"] = PASSWORD
    for _ in range(2):
        output = site.manage("demo", "--photos", str(folder))
        assert "3 photographs are safe here" in output
        assert "text.jpg: The name ends in .jpg, but this is not a picture." in output
        assert output.rstrip().endswith("3 stored")
    demo = Person(site.url, ca=site.ca)
    demo.goes_to("/accounts/login/")
    demo.sends(demo.form(holding="login"), {"login": "demo", "password": PASSWORD})
    demo.goes_to("/")
    assert sorted(filter(None, demo.page.xpath("//main//img/@alt"))) == ["mar #1", "sol", "日本"]
    demo.goes_to("/albums/")
    assert "Férias / Praia" in demo.text
