"""Line ends of pictures that are no ends: wrapped sentences and lone figures."""

from adscan.normalise.chain import Normaliser
from adscan.records.part import Line, LineKind, Part, PartKind
from adscan.records.text import Span

SIZE = 20.0


def picture(*lines):
    """A part of lines (text, left, top) with characters 20 px wide and high."""
    placed, at = [], 0
    for text, left, top in lines:
        right = left + SIZE * len(text)
        polygon = ((left, top), (right, top), (right, top + SIZE), (left, top + SIZE))
        placed.append(Line(text, Span(at, at + len(text)), 0.9, polygon, LineKind.OCR))
        at += len(text) + 1
    return Part("image:0", PartKind.IMAGE, "\n".join(line.text for line in placed), tuple(placed))


def read(*lines):
    return Normaliser([]).normalise(picture(*lines))


def test_a_sentence_wrapped_by_its_column_is_one():
    text = read(("本产品由我司合作的第三方平台提供全", 0, 0), ("额担保，到期一分不少", 0, 28))
    assert text.text == "本产品由我司合作的第三方平台提供全额担保，到期一分不少"


def test_the_place_of_joined_words_leads_back_to_both_lines():
    text = read(("本产品由我司合作的第三方平台提供全", 0, 0), ("额担保，到期一分不少", 0, 28))
    at = text.text.index("全额担保")
    assert text.offsets.to_source(Span(at, at + 4)).of(
        "本产品由我司合作的第三方平台提供全\n额担保，到期一分不少"
    ) == ("全\n额担保")


def test_a_line_that_ends_its_sentence_ends():
    assert (
        "\n"
        in read(
            ("投资有风险，选择产品需谨慎小心。", 0, 0), ("额度有限先到先得欢迎来电咨询", 0, 28)
        ).text
    )


def test_slogans_under_each_other_stay_apart():
    assert read(("保本保息", 0, 0), ("到期必付", 0, 28)).text == "保本保息\n到期必付"


def test_lines_of_other_size_or_far_below_stay_apart():
    assert (
        "\n"
        in read(("稳享宝三号稳健理财平台产品", 0, 0), ("本资料仅供参考不作依据使用", 0, 200)).text
    )


def test_a_short_line_in_a_wide_column_stays_apart():
    lines = (
        ("本产品由我司合作的第三方平台提供全额", 0, 0),
        ("担保以及回购服务", 0, 28),
        ("另有礼品相送", 0, 56),
    )
    assert read(*lines).text.count("\n") == 1


def test_a_lone_figure_joins_the_words_that_name_it():
    assert read(("预期年化收益率", 0, 0), ("12.8%", 0, 60)).text == "预期年化收益率 12.8%"
    assert read(("4.50%", 0, 0), ("业绩比较基准", 0, 60)).text == "4.50% 业绩比较基准"


def test_figures_in_a_column_stay_apart():
    assert read(("3.1%", 0, 0), ("3.4%", 0, 28)).text == "3.1%\n3.4%"


def test_typed_line_ends_stay():
    part = Part("text:0", PartKind.TEXT, "预期收益率\n12%")
    assert Normaliser([]).normalise(part).text == "预期收益率\n12%"


def test_a_telephone_number_is_no_figure_of_its_neighbours():
    assert read(("咨询热线", 0, 0), ("400-000-1288", 0, 60)).text == "咨询热线\n400-000-1288"
