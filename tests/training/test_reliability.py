"""The reliability diagram as a picture."""

from lxml import etree

from adscan.training.reliability import render_diagram


def test_a_bin_that_is_right_lies_on_the_diagonal_and_fuller_bins_are_larger():
    picture = etree.fromstring(render_diagram([(0.1, 0.1, 400), (0.9, 0.7, 4)]).encode())
    right, high = picture.findall("{*}circle")
    x, y = float(right.get("cx")), float(right.get("cy"))
    corner = picture.find("{*}rect")
    left, top, side = (float(corner.get(key)) for key in ("x", "y", "height"))
    assert x - left == top + side - y
    assert float(right.get("r")) > float(high.get("r"))
