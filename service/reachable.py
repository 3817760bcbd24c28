"""Which addresses an outgoing request may name: the public internet, and what the administrator of the machine allows.

The lists are those of IANA's special-purpose registries (RFC 6890), written out: Python's `is_global` differs between
its releases. For IPv6 nothing is public but what has been given out (2000::/3), so ::ffff:127.0.0.1, NAT64 and
link-local need no entry of their own.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import quote, urlsplit

import idna

from states.refusals import Refusal
from states.text import N_

LONGEST: Final = 2000
PORTS: Final = (80, 443, 8443)

_CLOSED_4: Final = (
    IPv4Network("0.0.0.0/8"),  # this host
    IPv4Network("10.0.0.0/8"),
    IPv4Network("100.64.0.0/10"),  # behind a carrier
    IPv4Network("127.0.0.0/8"),
    IPv4Network("169.254.0.0/16"),  # link-local, and the clouds' metadata
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.0.2.0/24"),  # for examples, as two more below
    IPv4Network("192.88.99.0/24"),
    IPv4Network("192.168.0.0/16"),
    IPv4Network("198.18.0.0/15"),  # for measurements
    IPv4Network("198.51.100.0/24"),
    IPv4Network("203.0.113.0/24"),
    IPv4Network("224.0.0.0/4"),  # to many
    IPv4Network("240.0.0.0/4"),
)
_GIVEN_OUT_6: Final = IPv6Network("2000::/3")
# Teredo and 6to4 carry an IPv4 address inside; the others are for examples.
_CLOSED_6: Final = (
    IPv6Network("2001::/23"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),
    IPv6Network("3fff::/20"),
)

_AUTHORITY: Final = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[^\[\]:@]+)(:(?P<port>[0-9]{0,5}))?")
_NAME: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")


class AddressRefused(Refusal):
    """An address to which Sapat sends nothing."""

    code = "address-refused"
    says = N_("Nothing is sent to this address.")
    next_step = N_("Enter the public address of the receiver, as https://host/path.")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. Taken out of the address once: what is checked here is what is used."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """`host:port`, as the setting `outgoing_allow` writes it."""
        return f"{self._host}:{self.port}"

    @property
    def named(self) -> str:
        """The same as the Host header has it: the usual port is not said."""
        return self._host if self.port == (443 if self.secure else 80) else self.authority

    @property
    def _host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def target_of(url: str, allowed: Collection[str] = ()) -> Target:
    """The address, read strictly. `allowed`: authorities that may have any port. Raises AddressRefused."""
    if len(url) > LONGEST or not url.isprintable() or set(url) & set(" \\"):
        raise AddressRefused(_UNREADABLE)
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise AddressRefused(_UNREADABLE) from error
    if parts.scheme not in ("http", "https"):
        raise AddressRefused(N_("The address must begin with https:// or http://."))
    if "@" in parts.netloc:
        raise AddressRefused(N_("The address must hold no name and no password."))
    found = _AUTHORITY.fullmatch(parts.netloc)
    if found is None:
        raise AddressRefused(_UNREADABLE)
    secure = parts.scheme == "https"
    path = quote(parts.path or "/", safe=_KEPT) + (f"?{quote(parts.query, safe=_KEPT)}" if parts.query else "")
    target = Target(secure, host_of(found["host"]), int(found["port"] or (443 if secure else 80)), path)
    if target.port not in PORTS and target.authority not in allowed:
        raise AddressRefused(N_("Port %(port)s is not allowed; 80, 443 and 8443 are."), port=target.port)
    return target


def host_of(written: str) -> str:
    """A host as it is looked up: an address in its one usual form, or a name in ASCII. Raises AddressRefused."""
    try:
        if written.startswith("["):
            return IPv6Address(written[1:-1]).compressed
        host = written.lower() if written.isascii() else idna.encode(written, uts46=True).decode()
        host = host.removesuffix(".")
        # A host that ends in a number is an IPv4 address (WHATWG): only 1.2.3.4 is one that all read alike.
        if _NUMBER.fullmatch(host.rpartition(".")[2]):
            return str(IPv4Address(host))
    except ValueError as error:
        raise AddressRefused(_UNREADABLE) from error
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise AddressRefused(_UNREADABLE)
    return host


def is_address(host: str) -> bool:
    """Whether a host is an address already, and no name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    try:
        one = ip_address(address)
    except ValueError:
        return False
    if isinstance(one, IPv4Address):
        return not any(one in closed for closed in _CLOSED_4)
    return one in _GIVEN_OUT_6 and not any(one in closed for closed in _CLOSED_6)


_UNREADABLE = N_("This is not an address that can be used.")
_KEPT = "/%:@!$&'()*+,;=-._~?"
