"""The closed sets of the service: states of a submission, roles, verdicts, decisions, scopes."""

from __future__ import annotations

from enum import Enum


class State(str, Enum):
    """Where a submission stands."""

    AWAITING_MACHINE = "awaiting_machine"
    AWAITING_PERSON = "awaiting_person"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STATE_NAMES = {
    State.AWAITING_MACHINE: "待机审",
    State.AWAITING_PERSON: "待人审",
    State.RETURNED: "退回修改",
    State.APPROVED: "通过",
    State.REFUSED: "不予发布",
    State.WITHDRAWN: "已撤回",
}
OPEN_STATES = (State.AWAITING_MACHINE, State.AWAITING_PERSON, State.RETURNED)


class Role(str, Enum):
    """What a person does here."""

    SUBMITTER = "submitter"
    REVIEWER = "reviewer"
    CHIEF = "chief"
    AUDITOR = "auditor"
    ADMIN = "admin"


ROLE_NAMES = {
    Role.SUBMITTER: "送审员",
    Role.REVIEWER: "审核员",
    Role.CHIEF: "审核主管",
    Role.AUDITOR: "审计员",
    Role.ADMIN: "管理员",
}


class Verdict(str, Enum):
    """What a person made of a finding."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


VERDICT_NAMES = {
    Verdict.OPEN: "待处理",
    Verdict.CONFIRMED: "认定",
    Verdict.DISMISSED: "不认定",
}


class Step(str, Enum):
    """What a person did to a submission as a whole."""

    RETURN = "return"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    PROPOSE = "propose"  # approval against the machine's `reject`, waiting for a second person
    DECLINE = "decline"  # the second person does not agree


STEP_NAMES = {
    Step.RETURN: "退回修改",
    Step.APPROVE: "通过",
    Step.REFUSE: "不予发布",
    Step.WITHDRAW: "撤回",
    Step.PROPOSE: "提请复核通过",
    Step.DECLINE: "复核不同意",
}


class Purpose(str, Enum):
    """What an uploaded file is for."""

    CREATIVE = "creative"
    PERMIT = "permit"


class JobKind(str, Enum):
    """What a worker is asked to do."""

    REVIEW = "review"  # of a version
    COMPARE = "compare"  # of a comparison


class JobState(str, Enum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Scope(str, Enum):
    """What an API token may be used for; never more than its owner's role allows."""

    READ = "read"
    SUBMIT = "submit"
    REVIEW = "review"
    COMPARE = "compare"
    EXPORT = "export"


SCOPE_NAMES = {
    Scope.READ: "读取",
    Scope.SUBMIT: "送审",
    Scope.REVIEW: "审核",
    Scope.COMPARE: "比对",
    Scope.EXPORT: "导出",
}
