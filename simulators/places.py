"""The invented borough of Northmoor."""

import random
from collections.abc import Iterator
from itertools import count

from simulators.identifiers import postcodes
from simulators.people import Address

TOWN = "Northmoor"
STREETS = (
    "Tolvane Row", "Brackenfoss Lane", "Quillfoss Street", "Ostlerby Road", "Marrowick Close", "Fendrake Way",
    "Saltholt Terrace", "Pinderwyke Avenue", "Gorsethwaite Drive", "Hollinfirth Road", "Carrowmere Street",
    "Ivelscombe Place",
)  # fmt: skip
DISTRICTS = ("", "", "", "Saltmarsh End", "Upper Northmoor", "Kilnside, Lower Ward")

# The sentinel courts and police write for a person without a home: never a place two people share.
NO_FIXED_ABODE = Address(line1="No fixed abode", line2="", town=TOWN, postcode="NF1 1NF")


# Doors of a street that share a postcode, as real ones do.
DOORS = 4


def addresses(rng: random.Random, first_block: int) -> Iterator[Address]:
    """Homes, no one twice."""
    codes = postcodes(first_block)
    for block in count(first_block):
        street, district, code = rng.choice(STREETS), rng.choice(DISTRICTS), next(codes)
        for door in range(DOORS):
            yield Address(f"{block * DOORS + door + 1} {street}", district, TOWN, code)
