"""A setting that cannot be used stops the start, and is named."""

from __future__ import annotations

import pytest

from newscrawl import settings
from newscrawl.settings_schema import SETTINGS_SCHEMA, SettingError, check_settings, environment_settings
from tests.conftest import Site

SHIPPED = {name: value for name, value in vars(settings).items() if name.startswith("NEWSCRAWL_")}


def test_every_setting_of_ours_is_known() -> None:
    # Commands that write nothing set NEWSCRAWL_WRITE; a value in settings.py would have precedence over theirs.
    assert set(SHIPPED) == set(SETTINGS_SCHEMA) - {"NEWSCRAWL_WRITE"}
    check_settings(SHIPPED)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NEWSCRAWL_REVISIT_DAYS", "0.5"),
        ("NEWSCRAWL_MAX_STORY_PAGES", "0"),
        ("NEWSCRAWL_SEGMENT_MAX_LINES", 1),
        ("NEWSCRAWL_RESERVED", "skip"),
        ("NEWSCRAWL_COLUMN_COPIES", "0"),
        ("NEWSCRAWL_DELIVER", "a,b"),
        ("NEWSCRAWL_CONTACT", None),
        ("ANOTHER_SETTING", "of whatever kind"),
    ],
)
def test_what_may_be(name: str, value: object) -> None:
    check_settings({**SHIPPED, name: value})


@pytest.mark.parametrize(
    ("name", "value", "detail"),
    [
        ("NEWSCRAWL_REVISIT_DAYS", "abc", "must be a number, 0 or more, not 'abc'"),
        ("NEWSCRAWL_REVISIT_DAYS", "nan", "must be a number, 0 or more"),
        ("NEWSCRAWL_MAX_STORY_PAGES", "1.5", "must be a whole number, 0 or more"),
        ("NEWSCRAWL_SEGMENT_MAX_LINES", "0", "must be a whole number, 1 or more"),
        ("NEWSCRAWL_QUERY_THREADS", "-1", "must be a whole number, 0 or more"),
        ("NEWSCRAWL_RESERVED", "Skip", "must be one of record, mark, skip"),
        ("NEWSCRAWL_COLUMN_COPIES", "maybe", "must be True or False"),
        ("NEWSCRAWL_DELIVER", 7, "must be a list"),
        ("NEWSCRAWL_SITES_DIR", ["a"], "must be text"),
        ("NEWSCRAWL_REVISIT_DAY", "3", "no such setting; did you mean NEWSCRAWL_REVISIT_DAYS?"),
        ("NEWSCRAWL_XYZ", "3", "there is no such setting"),
    ],
)
def test_what_may_not_be(name: str, value: object, detail: str) -> None:
    with pytest.raises(SettingError, match=f"^{name}: .*") as raised:
        check_settings({**SHIPPED, name: value})
    assert detail in str(raised.value)


@pytest.mark.parametrize("command", ["crawl", "inspect"])
def test_it_stops_the_start(site: Site, command: str) -> None:
    site.write('[[source]]\nkind = "rss"\nurl = "{base}/feed"\n')
    options = ("-s", "NEWSCRAWL_MAX_STORY_PAGES=many")
    done = site.crawl(*options) if command == "crawl" else site.run(command, *options)
    assert done.returncode == 1 and not site.server.asked
    assert done.stderr.splitlines()[-1] == (
        "error: NEWSCRAWL_MAX_STORY_PAGES: must be a whole number, 0 or more, not 'many'"
    )


def test_environment_variables_become_settings() -> None:
    variables = {
        "NEWSCRAWL_CONTACT": "desk@gazette.example",
        "NEWSCRAWL_DELIVER": "outbox, https://hooks.example/a,",
        "NEWSCRAWL_OUTPUT_DIR": "",  # as compose files and units set what they leave open
        "NEWSCRAWL_SERVICE_HOST": "10.0.0.1",  # Kubernetes, for a service called newscrawl
        "NEWSCRAWL_PORT_80_TCP_ADDR": "10.0.0.1",
        "HOME": "/root",
    }
    assert environment_settings(variables) == {
        "NEWSCRAWL_CONTACT": "desk@gazette.example",
        "NEWSCRAWL_DELIVER": ["outbox", "https://hooks.example/a"],
    }


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("NEWSCRAWL_MAX_STORY_PAGES", "many", "must be a whole number, 0 or more, not 'many'"),
        ("NEWSCRAWL_CONTACTS", "desk", "there is no such setting; did you mean NEWSCRAWL_CONTACT?"),
    ],
)
def test_an_error_names_the_environment_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError) as raised:
        check_settings({**SHIPPED, name: value})
    assert str(raised.value) == f"environment variable {name}: {reason}"
