"""One-time codes, against the test vectors of RFC 6238 (appendix B, of which an app shows the last six digits)."""

import base64
from typing import Any

import pytest

from articles.publishing.door import totp

SECRET = base64.b32encode(b"12345678901234567890").decode()
VECTORS = {59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924",
           2000000000: "69279037", 20000000000: "65353130"}  # fmt: skip


@pytest.mark.parametrize("at", VECTORS)
def test_codes_are_those_of_the_standard(at: int):
    assert totp.code_at(SECRET, at // 30) == VECTORS[at][-6:]


def test_a_code_counts_in_its_half_minute_and_the_two_beside_it():
    code = totp.code_at(SECRET, 100)
    assert [totp.step_of(code, SECRET, at=step * 30) for step in (98, 99, 100, 101, 102)] == [None, 100, 100, 100, None]
    assert totp.step_of(code, SECRET, at=99 * 30 - 0.001) is None
    assert totp.step_of(code, SECRET, at=102 * 30 - 0.001) == 100


def test_no_code_counts_that_is_not_later_than_the_last():
    code = totp.code_at(SECRET, 100)
    assert totp.step_of(code, SECRET, at=3000, after=99) == 100
    assert totp.step_of(code, SECRET, at=3000, after=100) is None
    assert totp.step_of(code, SECRET, at=3000, after=101) is None


@pytest.mark.parametrize("code", ["", "0", "abcdef", "一二三四五六", "\udc00", "1" * 1000])
def test_what_is_no_code_is_wrong(code: str):
    assert totp.step_of(code, SECRET, at=3000) is None


def test_a_secret_is_new_each_time_and_has_160_bits():
    secrets = {totp.new_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert {len(base64.b32decode(secret)) for secret in secrets} == {20}


def test_a_secret_is_kept_sealed_and_opens_with_the_same_key_alone(settings: Any):
    sealed = totp.seal(SECRET)
    assert SECRET not in sealed
    assert totp.unseal(sealed) == SECRET
    settings.SECRET_KEY = "another " * 10
    assert totp.unseal(sealed) is None


def test_the_address_for_the_app_names_paper_and_user():
    assert totp.address("ABC", account="nima", issuer="朗措: 新聞").startswith("otpauth://totp/%E6%9C%97%E6%8E%AA")
    assert totp.address("ABC", account="a b", issuer="N").endswith("N:a%20b?secret=ABC&issuer=N")
