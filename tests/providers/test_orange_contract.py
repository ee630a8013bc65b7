"""Orange keeps the contract of a photo service."""

import pytest

from tests.providers.contract import ProviderContract
from tests.providers.contract_subject import BuiltInServer
from tests.providers.orange_subject import OrangeSubject


class TestOrangeContract(BuiltInServer, ProviderContract):
    @pytest.fixture
    def subject(self, request: pytest.FixtureRequest) -> OrangeSubject:
        return OrangeSubject(request)
