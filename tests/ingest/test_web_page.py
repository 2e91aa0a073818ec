"""Pages as a reader sees them."""

from __future__ import annotations

from datetime import date

import pytest

from adscan.errors import DamagedFile, TooLarge
from adscan.records.ad import AdKind
from adscan.records.part import NoticeCode

LONG = "本行理财产品不保证本金，过往业绩不代表未来表现，请仔细阅读说明书。"


def visible(ad) -> str:
    return next((s.text for s in ad.sheets if s.text is not None and not s.hidden), "")


def hidden(ad) -> str:
    return next((s.text for s in ad.sheets if s.text is not None and s.hidden), "")


def codes(ad) -> list[NoticeCode]:
    return [notice.code for notice in ad.notices]


# Words


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>第一段</p><p>第二段</p>", "第一段\n第二段"),
        ("<p>保<b>本</b>保<span>息</span></p>", "保本保息"),
        ("甲<br>乙<br/>丙", "甲\n乙\n丙"),
        ("<ul><li>其一</li><li>其二</li></ul>", "其一\n其二"),
        ("<p>前<!-- 注释 -->后</p>", "前后"),
        ("<div>外<div>内</div>尾</div>", "外\n内\n尾"),
        ("<p>两\n  行之间</p>", "两行之间"),
        ("<p>fixed\n  deposit</p>", "fixed deposit"),
        ("<p>保证<wbr>收益&nbsp;高</p>", "保证收益\u00a0高"),
        ("<table><tr><td>一年</td><td>1.35%</td></tr><tr><td>二年</td><td>1.4%</td></tr></table>",
         "一年\t1.35%\n二年\t1.4%"),
        ("<table><tr><td><p>一年</p></td><td><p>1.35%</p></td></tr></table>", "一年\t1.35%"),
        ("<p>前</p><script>var x='脚本'</script><style>p{}</style><noscript>无</noscript>后",
         "前\n后"),
        ("<template><p>模板</p></template><p>正文</p>", "正文"),
        ("<div style='display:inline'>保</div><div style='display:inline-block'>本</div>", "保本"),
        ("<span style='display:block'>甲</span><span style='display:block'>乙</span>", "甲\n乙"),
        ("<pre>甲\n乙</pre>", "甲\n乙"),
        ("<svg><style>a{}</style><text>图中字</text></svg>", "图中字"),
        ("<input type=button value=立即购买>", "立即购买"),
        ("<img alt=替代文字 src=x.svg><p>正文</p>", "正文"),
    ],
)  # fmt: skip
def test_words_stand_as_a_reader_sees_them(body, text, page):
    assert visible(page(body)) == text


def test_a_navigation_bar_is_left_out(page):
    bar = "<nav><a href=/>首页</a><a href=/p>产品</a><a href=/c>联系我们</a></nav>"
    assert visible(page(f"{bar}<p>{LONG}</p>")) == LONG


def test_a_pitch_in_a_navigation_bar_is_kept(page):
    assert "稳赚不赔" in visible(
        page(f"<nav>本平台稳赚不赔，请加微信<a href=/>首页</a></nav>{LONG}")
    )


def test_a_footer_is_kept_because_it_holds_the_warnings(page):
    assert "风险提示" in visible(page(f"<p>{LONG}</p><footer>风险提示：投资有风险</footer>"))


def test_a_deep_page_is_read(page):
    depth = 1_500
    assert "深处" in visible(page("<div>" * depth + "深处" + "</div>" * depth))


def test_a_page_nested_beyond_reading_is_not_clean(page):
    depth = 20_000
    ad = page("<div>" * depth + "深处" + "</div>" * depth + LONG)
    assert any(notice.unread and "嵌套过深" in notice.message for notice in ad.notices)


# Title, account, day


@pytest.mark.parametrize(
    "head",
    [
        "<title>年末理财</title>",
        "<title></title><meta property='og:title' content='年末理财'>",
        "<title> </title><meta name='twitter:title' content='年末理财'>",
        "<title></title><script>var msg_title = '年末理财'.html(false);</script>",
        "<script>var msg_title = \"\\x5e74\".length, x; msg_title = '\\u5e74末理财'</script>",
    ],
)
def test_the_title_is_found_where_the_page_has_it(head, page):
    ad = page(f"<p>{LONG}</p>", head=head)
    assert ad.title in ("年末理财", "^74")
    assert visible(ad).startswith(ad.title)


def test_a_title_that_the_body_begins_with_is_not_doubled(page):
    ad = page(f"<h1>年末 理财</h1><p>{LONG}</p>", head="<title>年末理财</title>")
    assert visible(ad) == f"年末 理财\n{LONG}"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<script>var nickname = htmlDecode(\"某某&amp;理财\");</script>", ""),
        ("", "<a id='js_name'> 某某&amp;理财 </a>"),
        ("", "<strong class='profile_nickname'>某某&amp;理财</strong>"),
        ("<meta property='og:article:author' content='某某&amp;理财'>", ""),
    ],
)  # fmt: skip
def test_the_publishing_account_is_found(head, body, page):
    assert page(body + LONG, head=head).account == "某某&理财"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<script>var ct = \"1735660800\";</script>", ""),  # 2025-01-01 00:00 in China
        ("<script>var publish_time = '2025-01-01 08:00';</script>", ""),
        ("", "<em id='publish_time'>2025年1月1日 08:00</em>"),
        ("<meta property='article:published_time' content='2024-12-31T16:30:00Z'>", ""),
        ("<meta property='article:published_time' content='2025-01-01'>", ""),
    ],
)  # fmt: skip
def test_the_day_of_the_page_is_the_day_in_china(head, body, page):
    assert page(body + LONG, head=head).page_date == date(2025, 1, 1)


def test_a_saved_wechat_article_is_not_hidden(page):
    ad = page(
        f"<div id='js_content' style='visibility: hidden; opacity: 0;'><p>{LONG}</p></div>",
        head="<title></title><meta property='og:title' content='年末理财'>",
    )
    assert visible(ad) == f"年末理财\n{LONG}"
    assert not hidden(ad)
    assert not ad.notices


# Hidden words

TRICKS = [
    "display:none",
    "DISPLAY : None !important",
    "visibility:hidden",
    "opacity:0",
    "opacity: 0.0",
    "font-size:0",
    "font-size: 0px",
    "font:0/0 a",
    "position:absolute;left:-9999px",
    "position:fixed;top:-200em",
    "text-indent:-9999px",
    "color:#fff;background:#fff",
    "color:white;background-color:rgb(255,255,255)",
    "color:transparent",
    "color:rgba(0,0,0,0)",
    "height:0;overflow:hidden",
    "position:absolute;clip:rect(0,0,0,0)",
    "clip-path:inset(50%)",
    "transform:scale(0)",
]


@pytest.mark.parametrize("style", TRICKS)
@pytest.mark.parametrize("way", ["inline", "rule"])
def test_words_hidden_by_style_stand_apart_and_are_told(style, way, page):
    if way == "inline":
        ad = page(f"<p>{LONG}</p><p style='{style}'>暗藏的字</p>")
    else:
        rule = f"<style>.c p.x, #none {{ {style} }}</style>"
        ad = page(f"<p>{LONG}</p><div class=c><p class='x y'>暗藏的字</p></div>", head=rule)
    assert visible(ad) == LONG
    assert hidden(ad) == "暗藏的字"
    notice = ad.notices[0]
    assert notice.code is NoticeCode.HIDDEN_TEXT
    assert "4 个字" in notice.message
    assert not notice.unread


@pytest.mark.parametrize(
    "style",
    [
        "opacity:0.5",
        "font-size:12px",
        "color:#fff;background:#c00",
        "color:#fff",
        "text-indent:2em",
        "position:absolute;left:-10px",
        "height:0;padding-bottom:50%;overflow:hidden",
        "height:0",
        "color:transparent;-webkit-background-clip:text;background:linear-gradient(red,blue)",
        "opacity:0;animation:show 1s forwards",
        "color:#fff;background:#fff url(x.png)",
    ],
)
def test_words_that_only_look_hidden_are_visible(style, page):
    assert visible(page(f"<p style='{style}'>{LONG}</p>")) == LONG


def test_the_hidden_attribute_hides(page):
    assert hidden(page(f"<p hidden>暗藏</p>{LONG}")) == "暗藏"


def test_what_is_visible_again_within_the_invisible_is_visible(page):
    ad = page(f"<div style='visibility:hidden'>暗<p style='visibility:visible'>{LONG}</p></div>")
    assert (visible(ad), hidden(ad)) == (LONG, "暗")


def test_a_gap_closed_by_font_size_zero_hides_nothing(page):
    ad = page(f"<div style='font-size:0'> <span style='font-size:14px'>{LONG}</span> </div>")
    assert (visible(ad), hidden(ad)) == (LONG, "")


def test_the_stronger_rule_wins(page):
    head = "<style>#a{display:block} .b{display:none} p{visibility:hidden}</style>"
    ad = page(f"<p id=a class=b style='visibility:visible'>{LONG}</p>", head=head)
    assert visible(ad) == LONG


def test_rules_for_print_or_narrow_screens_hide_nothing(page):
    head = (
        "<style>@media print{p{display:none}} @media (max-width:600px){p{display:none}}</style>"
        "<style media=print>p{display:none}</style>"
    )
    assert visible(page(f"<p>{LONG}</p>", head=head)) == LONG


def test_rules_beside_the_page_count(page):
    ad = page(
        f"<p>{LONG}</p><p class=x>暗藏</p>",
        head="<link rel=stylesheet href='./p_files/a.css'>",
        name="p.html",
        beside={"./p_files/a.css": b".x{display:none}"},
    )
    assert hidden(ad) == "暗藏"


def test_a_page_hidden_as_a_whole_is_a_fact(page):
    ad = page(f"<div style='display:none'>{'稳赚不赔' * 5000}</div>")
    assert visible(ad) == ""
    assert len(hidden(ad)) == 20_000
    assert "20,000 个字" in ad.notices[0].message


# Pages without their message


@pytest.mark.parametrize(
    "said",
    [
        "该内容已被发布者删除",
        "此内容因违规无法查看",
        "链接已过期",
        "页面不存在",
        "此帐号已被屏蔽，内容无法查看",
        "当前环境异常，完成验证后即可继续访问。",
        "请在微信客户端打开链接",
        "404 Not Found",
    ],
)
def test_a_notice_that_the_page_is_gone_is_not_clean(said, page):
    ad = page(f"<div><p>{said}</p><p>返回首页看看别的</p></div>")
    notice = next(notice for notice in ad.notices if notice.code is NoticeCode.NOT_READ)
    assert notice.unread


def test_a_long_article_that_mentions_an_expired_link_is_read(page):
    assert not page(f"<p>旧链接已过期，请用新链接。</p><p>{LONG * 20}</p>").notices


@pytest.mark.parametrize("cut", ["<p>后面还有很", "<p>后面还有</p><im", "<p>后面</p><!-- 没完"])
def test_a_download_cut_short_is_not_clean(cut, read):
    html = f"<html><head><title>理财</title></head><body><p>{LONG}</p>{cut}"
    ad = read(html.encode())
    assert any(notice.code is NoticeCode.PARTLY_READ and notice.unread for notice in ad.notices)


def test_a_page_built_by_a_script_is_not_clean(page):
    ad = page("<div id=app></div><script>render()</script>", head="<title>理财</title>")
    assert any(notice.code is NoticeCode.NOT_READ and notice.unread for notice in ad.notices)


def test_a_page_with_nothing_at_all_is_an_error(page):
    with pytest.raises(DamagedFile, match="没有文字"):
        page("<div> </div>")


def test_a_film_is_a_fact_that_keeps_from_passing(page):
    ad = page(f"<p>{LONG}</p><video src=a.mp4></video>")
    assert ad.notices[0].unread
    assert "视频" in ad.notices[0].message


def test_a_page_over_the_text_limit_names_the_setting(page):
    with pytest.raises(TooLarge, match="ADSCAN_LIMITS__MAX_TEXT_BYTES"):
        page(LONG * 100, max_text_bytes=1000)


# Encodings


@pytest.mark.parametrize(
    ("declared", "actual"),
    [
        ("gb2312", "utf-8"),
        ("gb2312", "gb18030"),
        ("utf-8", "gb18030"),
        ("big5", "gb18030"),
        ("", "gb18030"),
        ("", "utf-8"),
        ("utf-8", "utf-16"),
    ],
)
def test_bytes_win_over_what_is_declared(declared, actual, read):
    meta = f"<meta http-equiv=Content-Type content='text/html; charset={declared}'>"
    html = f"<html><head>{meta if declared else ''}</head><body><p>{LONG}</p></body></html>"
    ad = read(html.encode(actual))
    assert ad.kind is AdKind.WEB_PAGE
    assert visible(ad) == LONG


def test_a_declared_xml_encoding_does_not_matter(read):
    html = f"<?xml version='1.0' encoding='gb2312'?><html><body><p>{LONG}</p></body></html>"
    assert visible(read(html.encode("gb18030"))) == LONG


# Pages made to break readers


@pytest.mark.parametrize(
    "head",
    [
        f"<style>a{{color:{'(' * 20000}</style>",
        f"<style>{':not(' * 3000}a{')' * 3000}{{color:red}}</style>",
        f"<style>{'p ' * 5000}{{color:red}}</style>",
        f"<style>{'@media screen{' * 3000}a{{color:red}}</style>",
    ],
)
def test_absurd_styles_leave_the_words_visible_and_are_told(head, page):
    ad = page(f"<p>{LONG}</p>", head=head)
    assert visible(ad) == LONG
    assert "样式" in ad.notices[0].message


@pytest.mark.parametrize(
    "data",
    [
        "<!---->" * 1000 + "<p>" + LONG,
        f"<p>{LONG}</p><img srcset='a 1.2.3w, b ...x'>",
        f"<meta property='article:published_time' content='0001-01-01T00:00:00+14:00'>{LONG}",
        f"<p style='color:{'[' * 5000}'>{LONG}</p>",
        "<" * 5000 + f"<p>{LONG}</p>",
    ],
)
def test_absurd_markup_is_read_in_no_time(data, read):
    assert LONG in visible(read(data.encode()))
