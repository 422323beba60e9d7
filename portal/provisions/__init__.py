"""Services for citizens (tilbud): a list and a map, a page each, the gaps, what is known of specialisation."""

from portal.provisions.supply import SupplyBox, inspected_services, supply_beside_need, supply_box

__all__ = ["SupplyBox", "inspected_services", "supply_beside_need", "supply_box"]
