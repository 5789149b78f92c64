"""Takes credentials out of what is written for people: messages of rejects, errors, logs.

Before: "can't read https://ana:geheim@news.example.org/a?X-Amz-Signature=9f2c". After: "can't read https://***@news.example.org/a?X-Amz-Signature=***".
Masked are user and password in an address, the parameters by which Amazon, Google and Azure sign one, and whatever stands in the
environment as a secret (the chains of boto3 and Google read it there). Rows keep what a page or record states: `url` and
`body` are data, and who may read the lake may read them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Final

MASK: Final = "***"
_USER = re.compile(r"(?<=://)[^\s/?#@'\"<>]{1,400}@")
_PARAMETER = re.compile(
    r"([?&;](?:x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)|awsaccesskeyid|googleaccessid|"
    r"signature|sig|(?:access_|auth_|id_|refresh_|api_?)?token|api_?key|access_?key|password|passwd|secret|client_secret)=)"
    r"[^&;#\s'\"<>]+",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"(authorization['\"]?\s*[:=]\s*['\"]?(?:basic|bearer|aws4-hmac-sha256)\s+)[^'\"\r\n]+", re.IGNORECASE
)
_NAMES = re.compile(r"SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL|ACCESS_KEY|API_?KEY|CONNECTION_STRING", re.IGNORECASE)
_SHORTEST = 8
"""Characters; a shorter value would be found in every other word."""


def mask_secrets(text: str, environment: Mapping[str, str] | None = None) -> str:
    """`text` with `***` for what only its owner should know. `environment` is `os.environ` unless given. Idempotent."""
    if "://" in text:
        text = _USER.sub(f"{MASK}@", text)
    if "=" in text:
        text = _PARAMETER.sub(rf"\1{MASK}", text)
    text = _HEADER.sub(rf"\1{MASK}", text)
    for secret in _secrets(os.environ if environment is None else environment):
        text = text.replace(secret, MASK)
    return text


def _secrets(environment: Mapping[str, str]) -> Iterator[str]:
    """The values of variables whose names say that they are secret. Names of files are none: the secret is in the file."""
    for name, value in environment.items():
        if len(value) >= _SHORTEST and _NAMES.search(name) and not value.startswith("/"):
            yield value
