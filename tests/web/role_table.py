"""Who may use which route, written out by hand. `python -m tests.web.role_table` prints it.

A route that is missing here, and a line here without a route, fails `test_roles.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ROLES = {"S": "送审员", "R": "审核员", "C": "审核主管", "A": "审计员", "M": "管理员"}
LOGINS = {"S": "shen", "R": "wang", "C": "zhao", "A": "audit", "M": "admin"}
ALL, STAFF, READERS = "SRCAM", "RC", "SRCA"
PUBLIC = "*"


@dataclass(frozen=True)
class Line:
    """A route: who may use it, for what, and something harmless to send."""

    method: str
    path: str
    who: str  # letters of ROLES; PUBLIC: strangers, too
    what: str
    scope: str = ""  # that a token must have; empty: browsers only
    form: dict[str, Any] | None = None
    json: dict[str, Any] | None = None
    values: dict[str, str] = field(default_factory=dict)  # of the path, beyond the usual ones
    refusal: int = 403  # the status for a role that is not let in

    @property
    def key(self) -> tuple[str, str]:
        return self.method, self.path

    @property
    def is_api(self) -> bool:
        return bool(self.scope)

    @property
    def is_of_a_submission(self) -> bool:
        return "{submission_id}" in self.path

    @property
    def changes(self) -> bool:
        return self.method not in ("GET", "HEAD")


API = "/api/v1"
ONE = "/submissions/{submission_id}"
VERSION = f"{ONE}/versions/{{number}}"
LOCK = {"lock": 1}  # seen before the machine had reviewed it: whoever is let in is told so

LINES = (
    Line("GET", "/login", PUBLIC, "登录页"),
    Line("POST", "/login", PUBLIC, "登录", form={"login": "nobody", "password": "x"}),
    Line("GET", "/invitations/{secret}", PUBLIC, "一次性链接"),
    Line("POST", "/invitations/{secret}", PUBLIC, "用一次性链接设密码", form={"password": "a", "again": "b"}),
    Line("GET", "/static", PUBLIC, "样式和脚本"),
    Line("GET", "/health/live", PUBLIC, "进程是否存活"),
    Line("GET", "/health/ready", PUBLIC, "服务是否就绪"),
    Line("GET", f"{API}/openapi.json", PUBLIC, "接口说明"),
    Line("POST", "/logout", ALL, "退出登录", form={}),
    Line("GET", "/account", ALL, "自己的账号"),
    Line("POST", "/account/password", ALL, "改自己的密码", form={"password": "a", "again": "b"}),
    Line("POST", "/account/tokens", ALL, "创建自己的令牌", form={"name": "", "days": "1"}),
    Line("POST", "/account/tokens/{token_id}/revoke", ALL, "吊销自己的令牌", form={}, values={"token_id": "own_token_id"}),
    Line("GET", "/", ALL, "首页（管理员转到人员页）"),
    Line("GET", "/submissions/new", "S", "送审表单"),
    Line("POST", "/submissions/new", "S", "送审", form={}),
    Line("GET", "/bulk", "S", "批量送审"),
    Line("POST", "/bulk", "S", "批量送审", form={}),
    Line("GET", "/bulk/template.csv", "S", "批量送审模板"),
    Line("GET", "/bulk/template.xlsx", "S", "批量送审模板"),
    Line("GET", ONE, READERS, "送审件"),
    Line("GET", VERSION, READERS, "某一版"),
    Line("GET", f"{VERSION}/files/{{file_id}}", READERS, "下载原件"),
    Line("GET", f"{VERSION}/pictures/{{part}}", READERS, "图片"),
    Line("GET", f"{ONE}/progress", READERS, "机审进度"),
    Line("GET", f"{ONE}/revise", "S", "新版本表单"),
    Line("POST", f"{ONE}/revise", "S", "提交新版本", form={**LOCK, "text": "x"}),
    Line("POST", f"{ONE}/withdraw", "S", "撤回", form=LOCK),
    Line("POST", f"{ONE}/findings/{{finding_id}}/verdict", STAFF, "认定或不认定问题", form={"verdict": "dismissed", "seen": "open"}),
    Line("POST", f"{ONE}/findings", STAFF, "添加问题", form={"rule": "no-such-rule"}),
    Line("POST", f"{ONE}/comments", STAFF, "批注", form={"text": ""}),
    Line("POST", f"{ONE}/rulings", STAFF, "作出决定", form={**LOCK, "step": "return"}),
    Line("POST", f"{ONE}/second", "C", "复核", form=LOCK),
    Line("GET", f"{ONE}/changes", READERS, "版本之间的改动"),
    Line("GET", f"{ONE}/opinion", READERS, "预审意见书"),
    Line("GET", f"{ONE}/opinion.pdf", READERS, "预审意见书 PDF"),
    Line("GET", "/compare", STAFF, "发布比对表单"),
    Line("POST", "/compare", STAFF, "发布比对", form={"number": "x", "text": "x"}),
    Line("GET", "/comparisons/{comparison_id}", "RCA", "比对结果"),
    Line("GET", "/comparisons/{comparison_id}/progress", "RCA", "比对进度"),
    Line("GET", "/comparisons/{comparison_id}/pictures/{part}", "RCA", "所发布内容的图片"),
    Line("GET", "/people", "M", "人员"),
    Line("POST", "/people", "M", "添加人员", form={}),
    Line("GET", "/people/{person_id}", "M", "一位人员"),
    Line("POST", "/people/{person_id}", "M", "更改人员", form={}),
    Line("POST", "/people/{person_id}/link", "M", "生成登录链接", form={}),
    Line("POST", "/people/{person_id}/deactivate", "M", "停用", form={}),
    Line("POST", "/people/{person_id}/reactivate", "M", "恢复", form={}),
    Line("POST", "/people/{person_id}/tokens/{token_id}/revoke", "M", "吊销他人的令牌", form={}),
    Line("GET", "/companies", "M", "单位"),
    Line("POST", "/companies", "M", "添加单位", form={}),
    Line("POST", "/companies/{company_id}", "M", "单位改名", form={}),
    Line("GET", "/audit", "AM", "操作日志"),
    Line("GET", "/statistics", "RCAM", "统计"),
    Line("GET", "/exports/corrections.jsonl", "RCA", "导出训练数据"),
    Line("GET", "/exports/{name}.{ending}", "RCA", "导出列表"),
    Line("GET", "/metrics", "RCAM", "运行指标（本机不用令牌）", scope="read", refusal=401),
    Line("GET", f"{API}/me", READERS, "令牌的主人", scope="read"),
    Line("GET", f"{API}/submissions", READERS, "查找送审件", scope="read"),
    Line("POST", f"{API}/submissions", "S", "送审", scope="submit", json={}),
    Line("GET", f"{API}{ONE}", READERS, "送审件", scope="read"),
    Line("POST", f"{API}{ONE}/versions", "S", "提交新版本", scope="submit", json={**LOCK, "text": "x"}),
    Line("POST", f"{API}{ONE}/withdraw", "S", "撤回", scope="submit", json=LOCK),
    Line("GET", f"{API}{VERSION}", READERS, "某一版", scope="read"),
    Line("GET", f"{API}{VERSION}/review", READERS, "机审结果", scope="read"),
    Line("GET", f"{API}{VERSION}/findings", READERS, "问题", scope="read"),
    Line("POST", f"{API}{VERSION}/findings", STAFF, "添加问题", scope="review", json={"rule": "no-such-rule", "explanation": "x"}),
    Line("PATCH", f"{API}{VERSION}/findings/{{finding_id}}", STAFF, "认定或不认定", scope="review", json={"verdict": "dismissed", "seen": "open"}),
    Line("GET", f"{API}{VERSION}/comments", READERS, "批注", scope="read"),
    Line("POST", f"{API}{VERSION}/comments", STAFF, "批注", scope="review", json={"text": ""}),
    Line("POST", f"{API}{ONE}/decision", STAFF, "作出决定", scope="review", json={**LOCK, "step": "return", "reason": "x"}),
    Line("POST", f"{API}{ONE}/second", "C", "复核", scope="review", json={**LOCK, "agrees": True}),
    Line("POST", f"{API}/compare", STAFF, "发布比对", scope="compare", json={"number": "x", "text": "x"}),
    Line("POST", "/api/compare", STAFF, "发布比对（同上）", scope="compare", json={"number": "x", "text": "x"}),
    Line("GET", f"{API}/comparisons/{{comparison_id}}", "RCA", "比对结果", scope="read"),
    Line("GET", f"{API}{ONE}/opinion", READERS, "意见书", scope="read"),
    Line("GET", f"{API}{ONE}/opinion.pdf", READERS, "意见书 PDF", scope="read"),
)  # fmt: skip

SCOPE_NAMES = {
    "read": "读取",
    "submit": "送审",
    "review": "审核",
    "compare": "比对",
    "export": "导出",
}

HEAD = """# 谁能用哪个地址

`tests/web/role_table.py` 逐条写明，`tests/web/test_roles.py` 对每个地址、每种角色各请求一次，与此表核对；
没有登记在表里的地址会使测试失败。重新生成：`python -m tests.web.role_table > docs/roles.md`

- ● 可以用；◐ 只限本单位的送审件，别的单位的一律答 404；空白：拒绝（页面 403；没有登录时转到登录页或答 401）。
- 页面上的更改都要带本次登录的 CSRF 令牌，从别的网站发来的一律拒绝。
- `/api/v1` 只认令牌，不认浏览器的登录；令牌须有“令牌用途”一栏的用途，且不超出其主人的角色。
- 审计员只能看：除自己的账号外，没有一个地址能让审计员更改什么。管理员看不到送审内容。
"""


def rendered() -> str:
    """The table as docs/roles.md has it."""
    parts = [HEAD]
    pages = [line for line in LINES if not line.is_api]
    programs = [line for line in LINES if line.is_api]
    for title, lines, last in (("页面", pages, ""), ("接口（令牌）", programs, "令牌用途")):
        heads = ["方法", "地址", "用途", "未登录", *ROLES.values(), *([last] if last else [])]
        parts += [f"\n## {title}\n", _row(heads), _row(["---"] * len(heads))]
        for line in lines:
            cells = [line.method, f"`{line.path}`", line.what, "●" if line.who == PUBLIC else ""]
            cells += [_cell(line, role) for role in ROLES]
            parts.append(_row([*cells, *([SCOPE_NAMES[line.scope]] if last else [])]))
    return "\n".join(parts) + "\n"


def _cell(line: Line, role: str) -> str:
    if line.who == PUBLIC:
        return "●"
    if role not in line.who:
        return ""
    return "◐" if role == "S" and (line.is_of_a_submission or line.path in LISTS) else "●"


LISTS = ("/", f"{API}/submissions")  # of which a submitter sees those of the own company


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(rendered(), end="")
