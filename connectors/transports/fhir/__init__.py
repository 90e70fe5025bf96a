"""FHIR R4 on top of HTTP."""

from connectors.transports.fhir.bundles import Entry, Stored, Transacted
from connectors.transports.fhir.client import Conflict, FhirClient, fhir_client
from connectors.transports.fhir.judge import RefusedMessageError
from connectors.transports.fhir.listings import Change, Changes, Page
from connectors.transports.fhir.resources import Identifier, Ids, Resource
from connectors.transports.fhir.site import FhirSite

__all__ = [
    "Change",
    "Changes",
    "Conflict",
    "Entry",
    "FhirClient",
    "FhirSite",
    "Identifier",
    "Ids",
    "Page",
    "RefusedMessageError",
    "Resource",
    "Stored",
    "Transacted",
    "fhir_client",
]
