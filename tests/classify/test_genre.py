"""What sort of text the whole is, by its cues."""

import pytest

from adscan.classify.genre import find_genre
from adscan.normalise.chain import Normaliser
from adscan.records.part import Part, PartKind
from adscan.records.review import GenreLabel

NORMALISER = Normaliser([])

TEXTS = {
    GenreLabel.NEWS: [
        "本报讯（记者 周原）市公安局经侦支队昨日通报，警方破获一起非法集资案，抓获犯罪嫌疑人7名，涉案金额2.3亿元。"
        "该公司以保本高息为诱饵，吸引三百余名老人投资。",
        "区市场监管局近日公布一批虚假违法广告典型案例。某财富公司在门店海报上宣称“零风险”，被责令停止发布并罚款20万元。",
        "法院经审理认定，被告人以年化24%、到期还本为承诺向社会公众吸收资金，一审判处有期徒刑六年。",
    ],
    GenreLabel.EDUCATION: [
        "谨防非法集资！凡是承诺保本高收益的，都是骗局。守住钱袋子，护好幸福家。如遇可疑情况，请拨打110或96110。",
        "【反诈提醒】陌生人拉你进群、推荐“内幕股票”，千万不要轻信，更不要转账。",
        "下列关于理财产品的说法，正确的是（ ）A. 理财产品都保本 B. 过往业绩代表未来 C. 投资须谨慎 D. 稳赚不赔",
        "风险提示：近期有不法分子冒充我公司名义推销高收益产品，请投资者提高警惕，切勿轻信。",
    ],
    GenreLabel.LEGAL: [
        "第二十五条 招商等有投资回报预期的商品或者服务广告，应当对可能存在的风险作出提示。第二十六条 房地产广告，房源信息应当真实。"
        "违反本法规定的，由市场监督管理部门责令停止发布广告，处十万元以上二十万元以下的罚款。",
    ],
    GenreLabel.COMPLAINT: [
        "我被骗了3万元，业务员当时保证稳赚不赔，现在客服一直推脱，人也失联了，我要求退款。",
    ],
    GenreLabel.ADVERTISEMENT: [
        "年化收益12%，1万元起投，到期还本付息，火热认购中，咨询热线：0577-88880000",
        "加微信领取牛股，名额有限，立即进群",
        "诚邀加盟，月入5万，投资热线400-800-1234，地址：温州市鹿城区",
    ],
    GenreLabel.SOFT_ARTICLE: [
        "记者近日走访了解到，李阿姨把养老钱交给了某财富，每月领息从未间断。据介绍，该公司项目年化15%，本金有保障。"
        "想了解的读者可拨打投资热线0577-88881234，名额有限，欢迎预约参加周末投资说明会。",
        "警惕银行存款跑不赢通胀！防骗小课堂教您选对产品：我们推出的稳盈计划年化10%，5万元起投，扫码添加微信咨询，立即认购。",
    ],
    GenreLabel.OTHER: ["今天天气很好，我们去公园散步。"],
}


@pytest.mark.parametrize(
    ("label", "text"), [(label, text) for label, texts in TEXTS.items() for text in texts]
)
def test_genre_follows_the_cues(label, text):
    part = Part(id="text:0", kind=PartKind.TEXT, text=text)
    assert find_genre([NORMALISER.normalise(part)]).label is label
