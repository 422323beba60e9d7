"""Figures from the source: publishers are asked by recipe, their answers are kept, and a file in the upload format is
made of them. From there it is an upload like any other. docs/sources.md has the whole road."""
