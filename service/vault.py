"""Secrets that must be read again (second factors, webhooks): encrypted with a key that is not in the database."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_FILE = "secret.key"
_NONCE = 12


class Vault:
    """AES-256-GCM. Whoever has the database alone reads nothing; a secret cannot be moved to another owner."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def at(cls, home: Path) -> "Vault":
        """The vault whose key is kept in the data folder; made at the first use, readable by its owner only."""
        home.mkdir(parents=True, exist_ok=True)
        path = home / KEY_FILE
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls(path.read_bytes())
        key = AESGCM.generate_key(256)
        with os.fdopen(handle, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        return cls(key)

    def seal(self, secret: str, owner: str) -> str:
        """The secret, encrypted for `owner` (an identifier)."""
        nonce = os.urandom(_NONCE)
        return urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, secret.encode(), owner.encode())).decode()

    def open(self, sealed: str, owner: str) -> str:
        """The secret again. Raises ValueError where it was sealed with another key or for another owner."""
        raw = urlsafe_b64decode(sealed)
        try:
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], owner.encode()).decode()
        except InvalidTag as error:
            raise ValueError("sealed with another key, or for somebody else") from error
