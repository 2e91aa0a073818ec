from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from markupsafe import Markup

from adscan.overview.chances import interval
from adscan.web.kept.states import State, Step, Verdict
from adscan.web.kept.tables import Person, Ruling, Submission, Version, VersionFinding
from adscan.web.routes.statistics import duration, period_of, presets
from adscan.web.showing.statistics import Period, Slice, cut, midnight, quantile, statistics_of
from adscan.web.showing.statistics_plots import flow_plot, round_up, share_bar
from tests.web.decided import decide, judge

DAY = date(2026, 11, 2)  # a Monday
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
STATES = {
    Step.APPROVE: State.APPROVED, Step.RETURN: State.RETURNED, Step.REFUSE: State.REFUSED,
    Step.WITHDRAW: State.WITHDRAWN,
}  # fmt: skip


def at(day, hour=12):
    return datetime.combine(day, time(hour)).astimezone()


def add(office, day=DAY, step=None, hours=2, machine_s=30, findings=(), advertiser="甲公司"):
    """A submission of that day, decided on `hours` later by wang."""
    with office.database.writing() as session:
        people = {person.login: person for person in session.query(Person)}
        wang, shen = people["wang"].id, people["shen"]
        came = at(day)
        submission = Submission(
            company_id=shen.company_id, created_by_id=shen.id, title="题", advertiser=advertiser,
            planned_from=day, state=STATES.get(step, State.AWAITING_PERSON), waiting_since=came,
            created_at=came,
        )  # fmt: skip
        version = Version(
            submission=submission, number=1, fingerprint="0" * 64, created_by_id=shen.id,
            created_at=came, reviewed_at=came + timedelta(seconds=machine_s),
        )  # fmt: skip
        session.add(version)
        session.flush()
        for rule, verdict, by_person, carried in findings:
            row = VersionFinding(
                version_id=version.id, rule=rule, document={"rule": rule}, verdict=verdict,
                added_by_id=wang if by_person else None, decided_by_id=wang, decided_at=came,
            )  # fmt: skip
            session.add(row)
            session.flush()
            row.carried_from_id = row.id if carried else None
        if step is not None:
            session.add(
                Ruling(
                    submission_id=submission.id, version_id=version.id, step=step, by_id=wang,
                    at=came + timedelta(hours=hours),
                )
            )  # fmt: skip


def figures(office, period=NOVEMBER, now=None):
    with office.database.reading() as session:
        return statistics_of(session, period, now or at(date(2026, 11, 30)))


def test_an_empty_period_says_so(office):
    add(office, date(2026, 10, 31))
    found = figures(office)
    assert found.is_empty and found.to_machine.median_s is None
    page = office.browser("zhao").get("/statistics?since=2020-01-01&until=2020-02-01")
    assert page.status_code == 200 and "这段时间没有送审" in page.text


def test_what_came_and_went_is_counted_in_its_week(either_office):
    add(either_office, DAY, Step.APPROVE)
    add(either_office, DAY + timedelta(days=6), Step.REFUSE, hours=30)
    add(either_office, DAY + timedelta(days=7))
    found = figures(either_office)
    counted = {one.first: (one.submitted, one.decided) for one in found.slices}
    assert counted[DAY] == (2, 1)
    assert counted[DAY + timedelta(days=7)] == (1, 1)
    assert (found.submitted, found.decided) == (3, 2)


def test_first_and_last_day_belong_to_the_period(either_office):
    for day in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)):
        add(either_office, day)
    assert figures(either_office).submitted == 2


def test_outcomes_are_counted_and_withdrawals_stand_apart(office):
    for step in (Step.APPROVE, Step.APPROVE, Step.RETURN, Step.WITHDRAW):
        add(office, DAY, step)
    found = figures(office)
    assert found.outcomes == {Step.APPROVE: 2, Step.RETURN: 1, Step.REFUSE: 0}
    assert found.withdrawn == 1


def test_half_and_nine_in_ten_took_no_longer(either_office):
    for hours in range(1, 11):
        add(either_office, DAY, Step.APPROVE, hours=hours, machine_s=hours)
    found = figures(either_office)
    assert (found.to_machine.median_s, found.to_machine.long_s) == (5, 9)
    assert (found.to_decision.median_s, found.to_decision.long_s) == (5 * 3600, 9 * 3600)
    assert found.to_decision.count == 10


def test_the_queue_is_that_of_now_by_age(either_office):
    now = at(date(2026, 11, 30))
    for days in (0, 2, 2, 5, 40):
        add(either_office, date(2026, 11, 30) - timedelta(days=days))
    add(either_office, DAY, Step.APPROVE)
    found = figures(either_office, Period(date(2026, 11, 30), date(2026, 11, 30)), now)
    waiting = next(one for one in found.queue if one.state is State.AWAITING_PERSON)
    assert waiting.count == 5
    assert [count for _, count in waiting.ages] == [1, 2, 1, 1]
    assert waiting.oldest == at(date(2026, 10, 21))


def test_a_rule_tells_found_confirmed_dismissed_and_added(either_office):
    findings = [
        ("superlative", Verdict.CONFIRMED, False, False),
        ("superlative", Verdict.DISMISSED, False, False),
        ("superlative", Verdict.OPEN, False, False),
        ("superlative", Verdict.CONFIRMED, True, False),
        ("superlative", Verdict.CONFIRMED, False, True),
    ]
    add(either_office, DAY, findings=findings)
    (rule,) = figures(either_office).rules
    assert (rule.found, rule.confirmed, rule.dismissed, rule.added) == (3, 1, 1, 1)
    assert rule.dismissed_share == (0.5, *interval(1, 2))
    assert rule.title != "superlative"


def test_a_rule_that_nobody_judged_has_no_share(office):
    add(office, DAY, findings=[("superlative", Verdict.OPEN, False, False)])
    assert figures(office).rules[0].dismissed_share is None
    assert "还没有判过" in office.browser("zhao").get("/statistics?since=2026-11-01").text


def test_reviewers_are_counted_by_what_they_did(either_office):
    add(
        either_office, DAY, Step.REFUSE,
        findings=[("superlative", Verdict.CONFIRMED, False, False)] * 2,
    )  # fmt: skip
    (reviewer,) = figures(either_office).reviewers
    assert reviewer.name == "wang" and reviewer.steps == {Step.REFUSE: 1}
    assert (reviewer.confirmed, reviewer.dismissed) == (2, 0)


def test_advertisers_with_most_submissions_come_first(either_office):
    add(either_office, DAY, Step.APPROVE, advertiser="乙公司")
    add(either_office, DAY, advertiser="甲公司")
    add(either_office, DAY, Step.REFUSE, advertiser="甲公司")
    first, second = figures(either_office).advertisers
    assert (first.name, first.submitted, first.states[State.REFUSED]) == ("甲公司", 2, 1)
    assert second.name == "乙公司"


def test_what_really_happened_is_on_the_page(office):
    submission_id = office.submit()
    office.work()
    judge(office, submission_id, Verdict.CONFIRMED, "保本")
    decide(office, submission_id, Step.REFUSE, "不行")
    page = office.browser("zhao").get("/statistics").text
    assert "海州理财咨询有限公司" in page and "不予发布" in page
    assert 'role="img"' in page and "style=" not in page and "<script>" not in page


@pytest.mark.parametrize(
    ("login", "status"),
    [("wang", 200), ("zhao", 200), ("audit", 200), ("admin", 200), ("shen", 403)],
)
def test_all_but_submitters_see_statistics(office, login, status):
    assert office.browser(login).get("/statistics").status_code == status


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        ("2026-13-01", "", "写法不对"),
        ("昨天", "", "写法不对"),
        ("2026-11-03", "2026-11-02", "晚于"),
        ("2010-01-01", "2026-11-02", "太长"),
        ("0001-01-01", "0001-01-02", "太长"),
        ("9999-12-01", "9999-12-31", "太长"),
    ],
)
def test_a_period_that_makes_no_sense_is_told(office, since, until, told):
    period, fault = period_of(since, until, DAY)
    assert told in fault and period.last == DAY
    page = office.browser("zhao").get("/statistics", params={"since": since, "until": until})
    assert page.status_code == 422 and told in page.text


def test_without_a_choice_it_is_the_last_twelve_weeks():
    period, fault = period_of("", "", date(2026, 11, 25))
    assert not fault and period == Period(date(2026, 9, 7), date(2026, 11, 25))
    assert len(cut(period)[0]) == 12


def test_presets_end_no_later_than_today():
    for today in (date(2026, 1, 1), date(2026, 3, 31), date(2026, 11, 25)):
        for _, period in presets(today):
            assert period.first <= period.last <= today


@pytest.mark.parametrize("days", [0, 1, 6, 7, 30, 420, 421, 1000])
def test_slices_cover_every_day_once(days):
    period = Period(DAY - timedelta(days=days), DAY + timedelta(days=2))
    slices, by_month = cut(period)
    assert by_month is (days + 2 > 420)
    assert (slices[0].first, slices[-1].last) == (period.first, period.last)
    for one, after in pairwise(slices):
        assert after.first - one.last == timedelta(days=1)


def test_midnight_is_that_of_the_server():
    assert midnight(DAY).astimezone().hour == 0


def test_quantiles_are_values_that_were_seen():
    assert quantile([1.0], 0.9) == 1.0
    assert quantile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.0
    assert quantile([1.0, 2.0, 3.0, 4.0], 0.9) == 4.0


def test_durations_read_as_people_say_them():
    told = [duration(seconds) for seconds in (None, 0.2, 38, 720, 12600, 181440)]
    assert told == ["—", "不到 1 秒", "38 秒", "12 分钟", "3.5 小时", "2.1 天"]


@pytest.mark.parametrize(("count", "top"), [(1, 4), (4, 4), (5, 8), (9, 20), (21, 40), (81, 200)])
def test_the_axis_ends_at_a_round_number(count, top):
    assert round_up(count) == top


def test_nothing_to_draw_draws_nothing():
    assert flow_plot([Slice(DAY, DAY)], False) == Markup("")
    assert share_bar(dict.fromkeys((Step.APPROVE, Step.REFUSE), 0)) == Markup("")


def test_columns_tell_their_numbers():
    drawn = flow_plot([Slice(DAY, DAY + timedelta(days=6), 3, 1)], False)
    assert "11-02 起：送审 3 件" in drawn and "作出决定 1 件" in drawn
