"""Services for citizens (tilbud): a list and a map, a page each, the gaps, what is known of specialisation."""
