"""Windows over a text's pieces: nothing lost, nothing out of place, bounded memory."""

from hypothesis import given
from hypothesis import strategies as st

from adscan.classify.windows import BEGIN, CONTEXT, END, SIZE, cut


def pieces(count):
    return list(range(100, 100 + count)), [(at, at + 1) for at in range(count)]


def test_a_short_text_is_one_window():
    (window,) = cut(*pieces(3))
    assert window.ids == (BEGIN, 100, 101, 102, END)
    assert window.spans[0] is None and window.spans[-1] is None


def test_an_empty_text_is_one_window_of_marks():
    (window,) = cut([], [])
    assert window.ids == (BEGIN, END)


def test_every_window_of_a_long_text_begins_with_its_beginning():
    windows = list(cut(*pieces(1000)))
    assert len(windows) > 4
    for window in windows:
        assert window.ids[1 : 1 + CONTEXT] == tuple(range(100, 100 + CONTEXT))
        assert window.spans[: CONTEXT + 3] == (None,) * (CONTEXT + 3)


@given(st.integers(0, 3000))
def test_every_piece_is_in_a_window_and_no_window_is_too_long(count):
    windows = list(cut(*pieces(count)))
    assert all(len(window.ids) <= SIZE for window in windows)
    assert all(len(window.ids) == len(window.spans) for window in windows)
    seen = {span.start for window in windows for span in window.spans if span}
    assert seen == set(range(count))
