import pytest

# The contract's parts are no test modules by name, and would lose pytest's explanations.
pytest.register_assert_rewrite(
    "tests.providers.contract",
    "tests.providers.contract_listing",
    "tests.providers.contract_optional",
    "tests.providers.contract_pictures",
    "tests.providers.contract_trouble",
    "tests.providers.contract_uploads",
)
