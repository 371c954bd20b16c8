"""The world before anything is written: places, labs, people, stories; and where a person says to work in a year."""

from dataclasses import dataclass, field

import numpy as np

from kolgraph.demo.draws import Draws, Ints
from kolgraph.demo.labs import Labs, build_labs
from kolgraph.demo.people import People, build_people
from kolgraph.demo.places import MERGED_IN, Places, affiliations, build_places
from kolgraph.demo.stories import Stories, plant

Written = list[tuple[str, list[int]]]  # spellings of one address, each with the places that it names


@dataclass(slots=True)
class World:
    """Everything that stays the same while papers and trials are written."""

    seed: int
    places: Places
    labs: Labs
    people: People
    stories: Stories
    addresses: dict[tuple[int, bool], Written] = field(default_factory=dict)  # by seat of the lab and era


def build_world(seed: int, people: int) -> World:
    """A world of this many people; the same seed gives the same world."""
    places = build_places(Draws(seed, "places"), people)
    labs = build_labs(Draws(seed, "labs"), places, people)
    folk = build_people(Draws(seed, "people"), labs, people)
    return World(seed, places, labs, folk, plant(Draws(seed, "stories"), labs, folk))


def seat(world: World, lab: int, year: int) -> int:
    """The lab whose rooms this lab uses in a year: its own until it moves."""
    return int(world.labs.next[lab]) if year >= world.labs.moved[lab] else lab


def written(world: World, lab: int, year: int) -> Written:
    """How members of a lab write their address in a year."""
    at, early = seat(world, lab, year), year < MERGED_IN
    host = int(world.labs.host[at])
    early = early and host in world.places.merged
    key = (lab * len(world.labs.country) + at, early)
    if key not in world.addresses:
        campus = world.places.campuses[int(world.labs.campus[at])]
        named = world.places.merged[host] if early else host
        u = (lab * 7919 % 1000) / 1000
        world.addresses[key] = affiliations(world.places, campus, named, world.labs.department[lab], u)
    return world.addresses[key]


def current_place(world: World, labs: Ints, year: int) -> list[int]:
    """The institution that hosts each lab."""
    return [int(world.labs.host[seat(world, lab, year)]) for lab in np.asarray(labs).tolist()]
