"""`adscan rules`: the rulebook for those who read and write it."""


def test_list_gives_one_line_a_rule(adscan):
    lines = adscan("rules", "list").out.splitlines()
    assert any(line.startswith("guaranteed-return\t") for line in lines)


def test_list_of_a_day_leaves_out_rules_without_law(adscan):
    early = adscan("rules", "list", "--published", "1990-01-01").out
    assert early == ""


def test_show_prints_the_rule_and_its_provisions(adscan):
    shown = adscan("rules", "show", "guaranteed-return").out
    assert "guaranteed-return.yaml" in shown
    assert "第二十五条" in shown


def test_show_of_an_unknown_rule_says_how_to_find_the_ids(adscan):
    outcome = adscan("rules", "show", "no-such-rule")
    assert outcome.code == 2
    assert "adscan rules list" in outcome.err


def test_lint_finds_nothing_in_the_built_in_rules(adscan):
    assert adscan("rules", "lint").code == 0


def test_test_names_each_example_that_does_not_behave(adscan, tmp_path):
    path = tmp_path / "own" / "own-rule.yaml"
    path.parent.mkdir()
    path.write_text(
        "id: own-rule\ntitle: 试\nstatus: trial\nseverity: low\ndecision: review\n"
        "basis: [ad-law#25.1]\nexplanation: 试。\nmatch: [{kind: phrase, any: [保本]}]\n"
        "remedy: 删。\nlimits: 无。\nexamples: {finding: [保本理财, 今天天气好]}\n",
        "utf-8",
    )
    outcome = adscan("rules", "test", path)
    assert outcome.code == 1
    assert "今天天气好" in outcome.out
    assert "2 个例子，1 个不符" in outcome.err
