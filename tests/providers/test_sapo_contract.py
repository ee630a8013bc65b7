"""SAPO keeps the contract of a photo service, in each of its bindings."""

import pytest

from tests.providers.contract import ProviderContract
from tests.providers.sapo_subject import SapoSubject


class TestSapoRestContract(ProviderContract):
    @pytest.fixture
    def subject(self, request: pytest.FixtureRequest) -> SapoSubject:
        return SapoSubject(request, "rest")


class TestSapoRestXmlContract(ProviderContract):
    @pytest.fixture
    def subject(self, request: pytest.FixtureRequest) -> SapoSubject:
        return SapoSubject(request, "rest-xml")


class TestSapoSoapContract(ProviderContract):
    @pytest.fixture
    def subject(self, request: pytest.FixtureRequest) -> SapoSubject:
        return SapoSubject(request, "soap")
