"""The page on the protocol and the code name the same things: neither may lose a row alone."""

import re
from pathlib import Path

import pytest

from providers import xml
from providers.contract.errors import ProviderError
from providers.orange.client import OrangeClient
from providers.orange.failures import Failures
from providers.orange.protocol import Action, Answer, ErrorCode, GatewayCode
from providers.orange.server.operations import OPERATIONS

PAGE = (Path(__file__).parents[2] / "docs" / "protocols" / "orange.md").read_text()


def rows(section: str) -> list[list[str]]:
    """The cells of the tables in a section, heads left out."""
    text = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    (body,) = (part for part in text if part.startswith(section))
    lines = [line for line in body.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for number, row in enumerate(cells) if number > 1 and not row[1].startswith("---")]


def test_methods_of_the_page_are_those_of_protocol_client_and_server() -> None:
    named = {row[1]: row[4] for row in rows("7. Methods")}
    assert set(named) == {action.value for action in Action}
    for action in Action:
        assert OPERATIONS[action].right == named[action]
        verb = re.sub(r"(?<!^)(?=[A-Z])", "_", action).lower()
        assert hasattr(OrangeClient, verb)


def test_answer_codes_of_the_page_are_those_of_the_protocol() -> None:
    assert {row[0] for row in rows("6. Rules")} == {answer.value for answer in Answer}


def test_error_codes_of_the_page_are_those_of_the_protocol() -> None:
    codes = {row[0] for row in rows("9. Errors") if re.fullmatch(r"-?\d+", row[0])}
    assert codes == {code.value for code in (*ErrorCode, *GatewayCode)}


@pytest.mark.parametrize("row", [row for row in rows("9. Errors") if re.fullmatch(r"-?\d+", row[0])])
def test_error_of_the_page_is_the_clients(row: list[str]) -> None:
    code, envelope, _, named, _ = row
    is_gateway = envelope == "error"
    answer = (
        f"<error><code>{code}</code><url>https://consent.example/</url></error>"
        if is_gateway
        else f'<action code="{Answer.FAILURE}"><error-code>{code}</error-code></action>'
    )
    for action, kind in zip((Action.GET_ALBUM, Action.CREATE_ALBUM), named.split("; "), strict=False):
        with pytest.raises(ProviderError) as failure:
            Failures([]).raise_for_error(action, xml.parse(answer.encode()), 200)
        assert type(failure.value).__name__ == kind.removesuffix(" after a write")


def test_every_contradiction_has_its_reading() -> None:
    assert [row[0] for row in rows("10. Where")] == [str(number) for number in range(1, 23)]
