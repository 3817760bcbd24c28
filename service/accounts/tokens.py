"""Random secrets that a browser or a program holds, and what is kept of them."""

import secrets
from hashlib import sha256

BYTES = 32


def new_token(prefix: str = "") -> str:
    """A secret of 256 random bits, fit for cookies and addresses."""
    return prefix + secrets.token_urlsafe(BYTES)


def hashed(token: str) -> str:
    """What is kept of a token: SHA-256 in hexadecimal. A slow hash would protect nothing more of 256 random bits."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
