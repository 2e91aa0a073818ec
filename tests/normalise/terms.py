"""The rulebook's words as these tests know them."""

TERMS = (
    "保本 保本保息 保息 稳赚不赔 稳赚 零风险 无风险 刚性兑付 高收益 高息 理财 收益 翻倍 牛股 涨停板 "
    "内幕消息 微信 年化收益 只涨不跌 虚拟货币 比特币 首付贷 零首付 国家级 最佳 第一 躺赚 100%保本 P2P"
).split()
