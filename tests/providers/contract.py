"""The contract suite: every duty of a photo service, written once, run over every provider.

A provider's own test is five lines:

    class TestOrangeContract(ProviderContract):
        @pytest.fixture
        def subject(self, request):
            return OrangeSubject(request)

A server within this Django needs `live_server`: as `BuiltInServer` in contract_subject.py.
"""

import pytest

from tests.providers.contract_albums import AlbumDuties
from tests.providers.contract_drafts import DraftDuties, VisibilityDuties
from tests.providers.contract_listing import LazinessDuties, ListingDuties
from tests.providers.contract_optional import DetailDuties, InterfaceDuties, OptionalDuties
from tests.providers.contract_pictures import FetchDuties, PictureDuties
from tests.providers.contract_subject import Subject
from tests.providers.contract_trouble import KeyDuties, SecretDuties, TroubleDuties
from tests.providers.contract_uploads import SendingDuties, UploadDuties


class ProviderCore(
    ListingDuties,
    LazinessDuties,
    PictureDuties,
    UploadDuties,
    DraftDuties,
    VisibilityDuties,
    InterfaceDuties,
    DetailDuties,
    AlbumDuties,
    OptionalDuties,
):
    """What the service does while all goes well. Give it a `subject`, and the `server` that it needs."""

    @pytest.fixture
    def server(self) -> None:
        """What runs for the duties that speak to the subject's server; `live_server` where it is Django's."""

    @pytest.fixture
    def subject(self) -> Subject:
        raise NotImplementedError("a provider's contract test names its subject")


class ProviderContract(ProviderCore, FetchDuties, SendingDuties, TroubleDuties, KeyDuties, SecretDuties):
    """The whole: also what it does when the service, or somebody in its place, behaves badly."""
