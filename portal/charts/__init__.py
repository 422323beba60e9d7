"""Numbers become pictures: SVG geometry for templates/components, and Plotly figures. Pure functions.

Horizontal coordinates are percent of the picture's width and vertical ones pixels, so a chart fits a phone and a desk
with letters of one size. Coordinates are text already: a template would write them with a decimal comma.
"""
