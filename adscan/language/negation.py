"""Scope of negation and warning in Chinese: does a negator govern these very words?"""

from __future__ import annotations

import re

from adscan.language.clause import clause_before, sentence_after, sentence_before
from adscan.records.text import Span

# Compounds whose 不, 非, 无, 未 negates nothing that follows.
HARMLESS = re.compile(
    r"不仅|不够|不足|不但|不只|不光|不止|不单|不管|不论|无论|不愧|不断|不错|不妨|不少|不得不|不如|不过|不同"
    r"|不(要|能|可|容)错过|[别莫勿]错过|(谨防|小心|当心)错过|不用愁|不愁|不必愁"
    r"|不(用|必|需|要|再)?(担心|操心|犹豫|等待|再等|看|费|花|动)|不收|不限|不卡|不查|不看|不押|不出门"
    r"|非常|非凡|非同|除非|无需|无须|无忧|无门槛|无抵押|无数|无比|无限|无缝|无息|无条件"
    r"|未来|未必不|是不是|能不能|要不要|会不会|好不好|可不可以|敢不敢|差不多|了不起|来不及"
)
NEGATOR = re.compile(
    r"并非|绝非|而非|均非|既非|不是|并不|绝不|决不|从不|均不|也不|亦不|皆不|概不|都不|且不|又不|而不"
    r"|不得|不能|不可|不会|不应|不宜|不要|不再|不敢|不做|不作|不予|不存在|不代表|不等于|不意味|不构成"
    r"|不承诺|不保证|不保障|不预示|不表明|不提供|不具|不含|不属|不对|不因|不以|不向"
    r"|没有任何|没有|没法|未经|未曾|未能|尚未|从未|并未|无法|无权|无任何|毋|莫|勿|禁止|严禁|杜绝|拒绝|否认"
    r"|不|非|无|未|没|别"
)
TURN = re.compile(
    r"但|却|而是|就能|就可|也能|也可|照样|依然|仍|都能|即可|只要|才能|反而|才是|更|直接|轻松|马上"
)
REACH = 14  # code points a negator reaches within its clause; longer clauses name a new subject

# Words of warning that govern the rest of the sentence, commas and all.
WARNING = re.compile(
    r"请勿|切勿|勿轻信|勿信|不要(相信|轻信|听信|被|参与|落入)|不轻信|不听信|别(再)?(相信|轻信|信|被)|谨防|警惕|提防"
    r"|防范|严禁|禁止|不得|不准|凡是?|但凡|任何.{0,6}(宣称|承诺|声称|许诺)|识破|识别|揭穿|戳穿|抵制|举报|打击|查处|整治"
)
# … until the sentence comes back to what is on offer.
OFFER = re.compile(
    r"但|我们|我司|本公司|本平台|咱们?|认准|选择|来.{0,4}就|加入|立即|扫码|这里|本品|我家"
)
# Judgement that follows the words.
CONDEMNED = re.compile(
    r"(是|都是|均为|均属|属于|就是|纯属|皆为|往往是|大多是|可能是|多半是|涉嫌|构成).{0,10}"
    r"(骗局|诈骗|谎言|谎话|骗人|骗子|陷阱|违法|违规|不可能|错误|误区|套路|犯罪|非法集资|非法证券|非法金融|传销|圈套|虚假|幌子|假的|禁止)"
    r"|并?不(存在|可信|可能|成立|靠谱|现实|真实)|不?要(相信|轻信)|勿(轻信|相信|信)|别信|要(警惕|当心|小心|提防)"
    r"|(的|等)(骗局|陷阱|谎言|骗术|圈套|套路|不实宣传|虚假宣传|违规表述|违法行为|非法活动|诱惑|诱饵|幌子|话术)"
    r"|(千万|一定)?(别|不要)(上当|当真)|没有(这种|这样的)|一律.{0,6}(骗|不|假)|的(说法|宣传|承诺|表述).{0,8}(不|违|错|假|骗)"
    r"|被(查处|处罚|立案|通报|叫停|取缔|骗)|(骗取|骗走|诈骗|套取)"
)
RHETORICAL = re.compile(
    r"谁说|难道|岂|何尝|怎么?会不|怎能不|哪能不|何愁|凭什么不|为什么不|为何不|何不"
)


def is_negated(text: str, span: Span) -> bool:
    """Whether a negation, a warning or a condemnation governs the words at `span`."""
    before, after = sentence_before(text, span.start), sentence_after(text, span.end)
    if RHETORICAL.search(before):
        return False
    return _denied(clause_before(text, span.start)) or _warned(before) or _condemned(after)


def _denied(clause: str) -> bool:
    clean = HARMLESS.sub(lambda found: "〇" * len(found.group()), clause)
    negators = list(NEGATOR.finditer(clean))
    if not negators:
        return False
    gap = clean[negators[-1].end() :]
    if len(gap) > REACH or TURN.search(gap):
        return False
    doubled = len(negators) > 1 and negators[-1].start() - negators[-2].end() <= REACH // 2
    return not (doubled and "、" not in clean)


def _warned(before: str) -> bool:
    clean = HARMLESS.sub(lambda found: "〇" * len(found.group()), before)
    cues = list(WARNING.finditer(clean))
    return bool(cues) and not OFFER.search(clean[cues[-1].end() :])


def _condemned(after: str) -> bool:
    found = CONDEMNED.search(after[:CONDEMNED_WITHIN])
    return found is not None and not OFFER.search(after[: found.start()])


CONDEMNED_WITHIN = 36  # code points after the words in which their condemnation must begin
