"""Does a negation, warning or condemnation govern these very words? Words marked with ⟦ ⟧."""

import pytest

from adscan.language.negation import is_negated
from adscan.records.text import Span


def marked(text: str) -> tuple[str, Span]:
    start = text.index("⟦")
    end = text.index("⟧") - 1
    return text.replace("⟦", "").replace("⟧", ""), Span(start, end)


GOVERNED = [
    "本产品不⟦保本⟧，可能亏损全部本金",
    "本产品非⟦保本⟧浮动收益",
    "我行不承诺⟦保本保息⟧",
    "管理人不保证本金不受损失，也不保证⟦最低收益⟧",
    "不存在任何⟦稳赚不赔⟧的投资",
    "世上没有⟦稳赚不赔⟧的买卖",
    "基金经理不得承诺保本、保收益、⟦零风险⟧",
    "请勿相信⟦保本高息⟧的宣传",
    "请勿轻信陌生人推荐，远离所谓的老师和⟦稳赚不赔⟧的项目",
    "谨防以⟦高收益⟧为名的骗局",
    "警惕“养老投资”“⟦保本付息⟧”等说法",
    "凡是宣称⟦保本高收益⟧的，都是骗局",
    "任何机构承诺⟦零风险⟧都是违规的",
    "⟦保本保息⟧都是骗人的",
    "⟦稳赚不赔⟧的说法不可信",
    "所谓⟦内幕消息⟧，往往是骗局",
    "以⟦原始股⟧为名的推介涉嫌非法证券活动",
    "靠⟦稳赚不赔⟧的说辞骗取老人积蓄",
    "声称⟦日赚千元⟧的，一定要警惕",
    "存款保险不等于⟦保本理财⟧",
    "过往业绩不代表⟦稳赚⟧",
    "本基金并不是⟦零风险⟧产品",
    "本产品不承诺\n⟦保本⟧，投资须谨慎",
    "本行从未推出⟦保本理财⟧",
    "投资没有⟦无风险⟧一说",
    "任何人不得以⟦高额回报⟧吸收公众资金",
]

FREE = [
    "首付不够？⟦零首付⟧也能买",
    "⟦保本保息⟧，年化12%",
    "不仅⟦保本⟧，还有高收益",
    "不但⟦保本⟧而且保息",
    "不用担心，⟦稳赚不赔⟧",
    "谁说不能⟦保本⟧？",
    "难道不是⟦稳赚不赔⟧吗？",
    "虽不保本，但⟦从未亏过⟧",
    "不怕您不来，⟦保本保息⟧等您",
    "没有理由不⟦稳赚⟧",
    "不可能不⟦保本⟧",
    "非常⟦安全⟧",
    "无需抵押，⟦稳赚不赔⟧",
    "不要错过⟦保本⟧好机会",
    "机会不容错过，⟦稳赚不赔⟧",
    "别再犹豫，⟦零风险⟧等你来",
    "无论涨跌都⟦稳赚⟧",
    "告别亏损！⟦稳赚不赔⟧",
    "谨防被骗，认准我司⟦保本⟧产品",
    "不收任何费用，⟦保本保息⟧",
    "本公司不玩套路，真正⟦保本保息⟧",
    "银行理财不再保本，但我们依然⟦保本⟧",
    "不是银行，却比银行更⟦稳赚⟧",
    "不限金额\n⟦保本保息⟧",
    "未来三年⟦稳赚不赔⟧",
    "没钱也能⟦零首付⟧买房",
]


@pytest.mark.parametrize("text", GOVERNED)
def test_words_under_a_negation_are_negated(text):
    assert is_negated(*marked(text))


@pytest.mark.parametrize("text", FREE)
def test_words_beside_a_negation_are_not_negated(text):
    assert not is_negated(*marked(text))
