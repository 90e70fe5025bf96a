"""Tokens by private_key_jwt with RS512, from a token server that others wrote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from connectors.contract import Answer
from connectors.errors import CredentialsRefusedError
from connectors.health import connector
from tests.conftest import needs
from tests.connectors.health.children import referral
from tests.connectors.health.conftest import to
from tests.servers import token_server
from tests.servers.fhir_peer import FhirPeer

pytestmark = pytest.mark.server
(REFERRALS,) = connector.pushes


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return RSAKey.generate_key(2048)


@pytest.fixture(scope="module")
def tokens(key: RSAKey, request: pytest.FixtureRequest) -> Iterator[str]:
    folder = request.config.cache.mkdir(token_server.PACKAGE)
    needs("oidc-provider on Node", found=token_server.installed(folder))
    public: Any = key.as_dict(private=False, kid="hub-1", alg="RS512", use="sig")
    client = {
        "client_id": "yjs-hub",
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "RS512",
        "jwks": {"keys": [public]},
    }
    with token_server.token_server(folder, [client]) as url:
        yield url


def test_a_referral_goes_with_a_token_had_by_our_key(peer: FhirPeer, tokens: str, key: RSAKey) -> None:
    pem = key.as_pem(private=True).decode()
    signed = {"token_url": tokens, "client_id": "yjs-hub", "key_id": "hub-1", "private_key": pem}
    with to(fhir_url=peer.base, **signed) as lines:
        (receipt,) = REFERRALS.push(lines, [referral()])
    assert receipt.answer is Answer.RECEIVED
    (posted,) = [one for one in peer.asked if one["method"] == "POST"]
    assert posted["headers"]["authorization"].startswith("Bearer ")


def test_another_key_is_refused_and_nothing_is_sent(peer: FhirPeer, tokens: str) -> None:
    pem = RSAKey.generate_key(2048).as_pem(private=True).decode()
    signed = {"token_url": tokens, "client_id": "yjs-hub", "key_id": "hub-1", "private_key": pem}
    with to(fhir_url=peer.base, **signed) as lines, pytest.raises(CredentialsRefusedError):
        list(REFERRALS.push(lines, [referral()]))
    assert peer.asked == []
