"""Services for citizens (tilbud): a list and a map, a page each, the gaps, what is known of specialisation."""

from portal.provisions.supply import SupplyBox, supply_box

__all__ = ["SupplyBox", "supply_box"]
