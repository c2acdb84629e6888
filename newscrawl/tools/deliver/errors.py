"""Why a target got nothing, and what of that may be in a log."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

LONGEST_REASON = 300  # characters; what a receiver answers may be a page


class TargetError(ValueError):
    """A target is written wrongly; the text names the setting, what is allowed and the remedy."""


class NotDelivered(OSError):
    """The receiver did not take it; it will be asked again."""


class TargetRefused(NotDelivered):
    """The receiver takes nothing until somebody changes something; asking again in the same run is of no use."""


def reason(error: BaseException, address: str) -> str:
    """What an error says, on one line, without the user name and password that are in the target's address."""
    text = " ".join(str(error).split()) or type(error).__name__
    parts = urlsplit(address)
    userinfo = parts.netloc.rpartition("@")[0]
    password = userinfo.partition(":")[2]
    for secret in (userinfo, password, unquote(password), parts.query):
        if secret:
            text = text.replace(secret, "***")
    return text[:LONGEST_REASON]
