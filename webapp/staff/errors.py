"""What can go wrong in the staff area. The message is for the person who asked, so it is in Chinese.

StaffError          root; ``remedy`` says what to do
├── PageRefusedError    the portal's page cannot be asked for, or did not come
└── DraftRefusedError   what was given cannot be checked
"""

from __future__ import annotations


class StaffError(Exception):
    """Root of these errors."""


class PageRefusedError(StaffError):
    """The page cannot be asked for (not the portal's, a private address), or did not come."""


class DraftRefusedError(StaffError):
    """What was given cannot be checked (empty, too long, too many)."""
