from __future__ import annotations

import pytest

from newscrawl.politeness.budget import BudgetLimits, SourceBudget, growing_path


@pytest.mark.parametrize(
    ("path", "is_growing"),
    [
        ("/a/a/a/a", True),
        ("/news/a/a/a/a/story.html", True),
        ("/x/y/x/y/x/y/x/y", True),
        ("/" + "/".join(map(str, range(21))), True),
        ("/a/a/a/b", False),
        ("/2011/11/11/11/quake", False),
        ("/x/y/x/y/x/y", False),
        ("/news/2026/11/23/politics/story-12", False),
        ("//a//a//b", False),
        ("", False),
    ],
)
def test_growing_paths(path: str, is_growing: bool) -> None:
    assert growing_path(f"https://paper.example{path}?q=1") is is_growing


def test_pages_without_news_in_a_row_spend_a_budget() -> None:
    budget = SourceBudget(BudgetLimits(without_news=3))
    for is_new in (False, False, True, False, False):
        budget.brought(is_new)
        assert budget.spent is None
    budget.brought(False)
    assert budget.spent == "no-new-story"
    budget.brought(True)
    assert budget.spent == "no-new-story" and not budget.may_ask_for_list()


def test_list_pages() -> None:
    budget = SourceBudget(BudgetLimits(list_pages=2))
    assert budget.may_ask_for_list() and budget.may_ask_for_list() and not budget.may_ask_for_list()
    assert budget.spent == "list-pages"
    budget = SourceBudget(BudgetLimits(without_links=2))
    for has_unseen in (False, True, False):
        budget.list_page(has_unseen)
    assert budget.spent is None
    budget.list_page(False)
    assert budget.spent == "no-new-links"
