"""The contract suite: every duty of a photo service, written once, run over every provider.

A provider's own test is five lines:

    class TestOrangeContract(ProviderContract):
        @pytest.fixture
        def subject(self, request):
            return OrangeSubject(request)
"""

import pytest

from tests.providers.contract_listing import LazinessDuties, ListingDuties
from tests.providers.contract_optional import InterfaceDuties, OptionalDuties
from tests.providers.contract_pictures import FetchDuties, PictureDuties
from tests.providers.contract_subject import Subject
from tests.providers.contract_trouble import KeyDuties, SecretDuties, TroubleDuties
from tests.providers.contract_uploads import SendingDuties, UploadDuties


class ProviderContract(
    ListingDuties,
    LazinessDuties,
    PictureDuties,
    FetchDuties,
    UploadDuties,
    SendingDuties,
    TroubleDuties,
    KeyDuties,
    SecretDuties,
    InterfaceDuties,
    OptionalDuties,
):
    """Give it a `subject`."""

    @pytest.fixture
    def subject(self) -> Subject:
        raise NotImplementedError("a provider's contract test names its subject")
