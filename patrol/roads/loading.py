"""Putting a network into use: the file first, then the journal, then the switch; each may be repeated."""

from __future__ import annotations

from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.row import Json
from patrol.roads import store
from patrol.roads.network import Network


def install(centre_id: int, network: Network) -> bool:
    """Make a network the one of a centre; False when this very version is in use already. No file is touched inside
    the transaction, and the journal names a version before anybody ranks by it."""
    present = store.current(centre_id)
    if present is not None and present.digest == network.digest:
        return False
    store.save(centre_id, network)
    note_roads_loaded(by=None, centre_id=centre_id, facts=facts(network))
    store.switch(centre_id, network.version)
    return True


def facts(network: Network) -> Json:
    """Return what the journal keeps of a network."""
    return {
        "version": network.version,
        "digest": network.digest,
        "source": network.source,
        "fictional": network.fictional,
        "nodes": network.nodes,
        "edges": network.edges,
        "km": round(sum(network.report["km"].values()), 1),
    }


@command
def note_roads_loaded(*, by: Actor | None, centre_id: int, facts: Json) -> Json:
    """Journal that a centre's road network is another one from now on."""
    record("roads.loaded", centre_id=centre_id, **facts)
    return facts
