"""Where a name leads, and whether one may go there.

A feed names pages, and a hostile feed names pages of the machine that reads it, or of the network it stands in. So a host is
resolved once, every address is checked, and the connection is made to the very address that was checked: a name that leads
elsewhere the second time it is asked gains nothing.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from diurna.errors import SkipItem

PORTS = {"http": 80, "https": 443}

# Addresses that carry another one inside.
_NAT64 = ip_network("64:ff9b::/96")
_IPV4_COMPATIBLE = ip_network("::/96")


class NoWay(SkipItem):
    """The host is not to be found, or stands where one may not go."""


def parse(url: str) -> Url:
    """Return the parts of an address, with its host and path in the form in which they are sent.

    Raises:
        SkipItem: it is no http or https address.
    """
    try:
        parsed = parse_url(url.strip())
    except (LocationParseError, ValueError) as error:
        raise SkipItem(url, "is no address of a page") from error
    if parsed.scheme not in PORTS or not parsed.host:
        raise SkipItem(url, "is no http or https address; others are not fetched")
    return parsed


def resolve(host: str, port: int, url: str, private: bool = False) -> list[str]:
    """Return the addresses of a host, all of them checked.

    Args:
        host: name or literal address, without brackets.
        port: the port to connect to.
        url: for the message.
        private: let addresses pass that are not public.

    Raises:
        NoWay: there is no such host, or one of its addresses is not public.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoWay(url, f"no host {host!r} can be found ({getattr(error, 'strerror', None) or error})") from error
    addresses = list(dict.fromkeys(str(item[4][0]).partition("%")[0] for item in found))
    inside = [address for address in addresses if not is_public(address)]
    if inside and not private:
        named = f"{host} is " if host == inside[0] else f"{host} is {inside[0]}, "
        raise NoWay(url, f"{named}an address that is not public; --allow-private lets it pass")
    return addresses


def is_public(words: str) -> bool:
    """Tell whether an address belongs to the public internet, by the address that it stands for or carries inside."""
    address = ip_address(words)
    if isinstance(address, IPv4Address):
        return _global(address)
    if address.ipv4_mapped is not None:
        return _global(address.ipv4_mapped)
    if address in _NAT64 or address in _IPV4_COMPATIBLE:
        return _global(IPv4Address(int(address) & 0xFFFFFFFF))
    carried = [item for item in (address.sixtofour, *(address.teredo or ())) if item is not None]
    return all(_global(item) for item in (address, *carried))


def _global(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved
