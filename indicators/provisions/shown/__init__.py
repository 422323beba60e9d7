"""What the public is told of services: the only reader of the register that pages, files and the API have.

Everything here begins with ``Registration.objects.public()``: a protected service is in none of it, but for its
count by region in ``gaps``.
"""
