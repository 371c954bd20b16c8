"""Connections to the world outside only: a name that leads into a private network is not followed there."""

import ipaddress
import socket

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection

from kolgraph.errors import SourceError


def loopback(host: str) -> bool:
    """Whether this is the name or the address of this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def inside(address: str) -> bool:
    """Whether an address belongs to a private network, this machine or nobody: no source of ours is there."""
    found = ipaddress.ip_address(address.partition("%")[0])
    return not (getattr(found, "ipv4_mapped", None) or found).is_global


class Outside(HTTPAdapter):
    """For a session that may reach the world only. A proxy of the environment is left to resolve names itself."""

    def init_poolmanager(self, *args: object, **said: object) -> None:
        super().init_poolmanager(*args, **said)  # type: ignore[arg-type]
        self.poolmanager.pool_classes_by_scheme = {"https": _Pool}


class _Connection(HTTPSConnection):
    """Looks at the address of the connection itself before anything is sent: no later word of a name server counts."""

    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        if inside(address := made.getpeername()[0]):
            made.close()
            raise SourceError(f"{self.host} leads to {address}, inside a private network: not asked; check the network")
        return made


class _Pool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Connection
