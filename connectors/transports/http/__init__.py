"""HTTP on requests: limits on everything, listings in pages, and who we are."""

from connectors.transports.http.ask import JSON, NOTHING, Ask, Failure, Judge, Reply, get, post
from connectors.transports.http.client import HttpClient, http_client
from connectors.transports.http.limits import HttpLimits
from connectors.transports.http.site import ClientCertificate, HttpSite, below
from connectors.transports.http.time import Time

__all__ = [
    "JSON",
    "NOTHING",
    "Ask",
    "ClientCertificate",
    "Failure",
    "HttpClient",
    "HttpLimits",
    "HttpSite",
    "Judge",
    "Reply",
    "Time",
    "below",
    "get",
    "http_client",
    "post",
]
