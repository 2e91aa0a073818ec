"""Where an advertisement is published; the ids that `--medium` and rules use."""

from __future__ import annotations

MEDIA = {
    "sms": "短信",
    "phone_call": "电话",
    "email": "电子邮件",
    "web_page": "网页",
    "search": "搜索推广",
    "app": "App 页面与弹窗",
    "wechat_account": "公众号",
    "wechat_moments": "朋友圈",
    "chat_group": "聊天群",
    "short_video": "短视频",
    "live_stream": "直播",
    "social_note": "社交平台笔记",
    "newspaper": "报纸",
    "magazine": "杂志",
    "television": "电视",
    "radio": "广播",
    "outdoor": "户外广告",
    "leaflet": "传单与宣传册",
    "branch": "营业场所",
    "lecture": "讲座与推介会",
}
