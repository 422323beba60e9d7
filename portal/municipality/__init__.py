"""All municipalities, and the page of one."""
