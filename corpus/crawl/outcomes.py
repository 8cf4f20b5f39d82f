"""How can the visit of one address end?"""

from enum import StrEnum


class Role(StrEnum):
    """Why an address is visited."""

    PAGE = "page"  # may become a document
    ATTACHMENT = "attachment"  # a file that documents carry
    LISTING = "listing"  # a call described in the site file
    SITEMAP = "sitemap"


class Outcome(StrEnum):
    """The columns of the summary are counted from these; the second group is listed by URL and reason."""

    CREATED = "created"  # a document that was not there
    CHANGED = "changed"
    UNCHANGED = "unchanged"  # also: 304
    FOLLOWED = "followed"  # a page that only links; a listing, a sitemap
    REDIRECTED = "redirected"  # to another address of the site
    ABSENT = "absent"  # a guess of ours (/sitemap.xml) that is not there
    WITHDRAWN = "withdrawn"  # taken down by us: not fetched, not kept

    MISSING = "missing"  # 404, 410
    SOFT_404 = "soft_404"
    CHALLENGE = "challenge"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    ERROR = "error"  # another status, no answer, too large, endless redirect
    REFUSED = "refused"  # a redirect off the site's hosts, a private address

    FORBIDDEN = "forbidden"  # by robots.txt
    UNSUPPORTED = "unsupported"  # a format that is not fetched


FAILURES = (
    Outcome.MISSING,
    Outcome.SOFT_404,
    Outcome.CHALLENGE,
    Outcome.EMPTY,
    Outcome.UNREADABLE,
    Outcome.ERROR,
    Outcome.REFUSED,
)

# A known page that answers so has vanished, whatever the status says: the guard counts it. An error is no answer.
VANISHED = (Outcome.MISSING, Outcome.SOFT_404, Outcome.CHALLENGE, Outcome.EMPTY, Outcome.UNREADABLE)
