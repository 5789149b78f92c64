"""Credentials stay out of everything that is written: messages, logs, manifests, rejects, staging."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.failure_log import collected_logs
from schemas.codes import RejectCode, Stage
from transforms.rejects import make_reject
from transforms.secrets import MASK, mask_secrets

ROOT = Path(__file__).parents[1]
SECRETS = {
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLEEXAMPLE00",
    "AWS_SECRET_ACCESS_KEY": "elswick/harbour+secret0123456789abcdefgh",
    "AWS_SESSION_TOKEN": "FwoGZXIvYXdzElswickHarbourToken",
    "COPYDESK_TEST_API_KEY": "key-of-the-bay-0001",
}
GOOGLE = '{"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----elswick-----END PRIVATE KEY-----"}'


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("https://ana:geheim@news.example.org/a", f"https://{MASK}@news.example.org/a"),
        ("s3://KEY:SECRET@bucket/a b", f"s3://{MASK}@bucket/a b"),
        ("/a?X-Amz-Signature=9f2c&page=2", f"/a?X-Amz-Signature={MASK}&page=2"),
        ("?x-goog-signature=aa' next", f"?x-goog-signature={MASK}' next"),
        ("a?page=2&token=t0k#top", f"a?page=2&token={MASK}#top"),
        ("Authorization: Bearer abc.def", f"Authorization: Bearer {MASK}"),
        ("'Authorization': 'AWS4-HMAC-SHA256 Credential=x'", f"'Authorization': 'AWS4-HMAC-SHA256 {MASK}'"),
        ("the key is elswick/harbour+secret0123456789abcdefgh.", f"the key is {MASK}."),
    ],
)
def test_what_is_masked(text: str, masked: str) -> None:
    assert mask_secrets(text, SECRETS) == masked
    assert mask_secrets(masked, SECRETS) == masked


@pytest.mark.parametrize(
    "text",
    [
        "mail ana@news.example.org or see https://news.example.org/@ana/1?id=2&author=ana",
        "The token of thanks = a biscuit; see /a?tokens=2",
        "input 'in/signature=1.txt' does not exist",
        "no valid JSON: Expecting value: line 1 column 1 (char 0)",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    environment = {"PASSWORD_FILE": "/run/secrets/password", "TOKEN": "short", "PATH": "column 1 (char 0)"}
    assert mask_secrets(text, environment) == text


def test_a_rejects_message_holds_none() -> None:
    message = "can't read https://ana:geheim@news.example.org/a?sig=9f2c"
    reject = make_reject(source_uri="a", name="a", stage=Stage.READ, code=RejectCode.UNREADABLE_FILE, message=message)
    assert "geheim" not in reject.message
    assert "9f2c" not in reject.message


def test_logs_and_the_failure_log_hold_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    with collected_logs() as log:
        for value in SECRETS.values():
            logging.getLogger("botocore").info("signed with %s", value)
            logging.getLogger("pipeline").warning("signed with %s", value)
        file = log.write(OSError(f"GET https://ana:geheim@x/?X-Amz-Signature=9f2c {SECRETS['AWS_SECRET_ACCESS_KEY']}"))
    assert file is not None
    seen = file.read_text() + capsys.readouterr().err
    assert "signed with" in seen
    _has_none(seen)


def _has_none(seen: str) -> None:
    for secret in (*SECRETS.values(), "geheim", "9f2c"):
        if secret != SECRETS["AWS_ACCESS_KEY_ID"]:  # a name, not a secret; masked where its variable is set
            assert secret not in seen


def test_a_run_writes_none_anywhere(tmp_path: Path) -> None:
    """Everything that an ingest writes, with secrets in the environment and in what it is given."""
    (tmp_path / "in").mkdir()
    story = "The quay of Elswick Bay will open again on Monday, the harbour board said after a long meeting."
    (tmp_path / "in" / "a.txt").write_text(story)
    (tmp_path / "in" / "b.json").write_text('{"text": ')
    (tmp_path / "google.json").write_text(GOOGLE)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    environment = {
        **os.environ,
        **SECRETS,
        "GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "google.json"),
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(temporary),
    }
    ways = [
        [str(tmp_path / "in")],
        ["https://ana:geheim@news.example.org/a?X-Amz-Signature=9f2c"],
        ["s3://ana:geheim@bucket/a"],
    ]
    said = io.StringIO()
    for number, inputs in enumerate(ways):
        command = [
            sys.executable,
            "-m",
            "pipeline.cli",
            "ingest",
            *inputs,
            "--lake",
            str(tmp_path / "lake"),
            "--json",
            "--no-learn",
        ]
        ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert ended.returncode == (0 if number == 0 else 2), ended.stderr
        said.write(ended.stdout + ended.stderr)
    assert "credentials come from" in said.getvalue()
    _has_none(said.getvalue())
    written = [path for folder in (tmp_path / "lake", temporary) for path in folder.rglob("*") if path.is_file()]
    assert any(path.name.endswith(".json") for path in written)
    for path in written:
        content = path.read_bytes()
        for secret in (*SECRETS.values(), "geheim", "BEGIN PRIVATE KEY"):
            assert secret.encode() not in content, path
