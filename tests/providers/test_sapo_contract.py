"""SAPO keeps the contract of a photo service, in each of its bindings."""

import pytest

from tests.providers.contract import ProviderContract
from tests.providers.contract_subject import BuiltInServer
from tests.providers.sapo_subject import SapoSubject


class TestSapoRestContract(BuiltInServer, ProviderContract):
    @pytest.fixture
    def subject(self, request: pytest.FixtureRequest) -> SapoSubject:
        return SapoSubject(request, "rest")


class TestSapoRestXmlContract(BuiltInServer, ProviderContract):
    @pytest.fixture
    def subject(self, request: pytest.FixtureRequest) -> SapoSubject:
        return SapoSubject(request, "rest-xml")


class TestSapoSoapContract(BuiltInServer, ProviderContract):
    @pytest.fixture
    def subject(self, request: pytest.FixtureRequest) -> SapoSubject:
        return SapoSubject(request, "soap")
