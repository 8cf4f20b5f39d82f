"""Why does a request never leave, or come back without an answer?"""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from corpus.crawl.outcomes import Outcome


class Refusal(IgnoreRequest):
    """A request that we do not send, and the outcome that its address gets."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        self.outcome = outcome
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """What became of a request without an answer; ``may_retry``: it may come out better next time."""

    outcome: Outcome
    reason: str
    may_retry: bool


def explain(error: BaseException, *, timeout_s: float, max_body_mb: int) -> NoAnswer:
    """Say in plain words why there is no answer."""
    if isinstance(error, Refusal):
        return NoAnswer(error.outcome, error.reason, False)
    if isinstance(error, DownloadCancelledError) or (isinstance(error, IgnoreRequest) and "MAXSIZE" in str(error)):
        return NoAnswer(Outcome.ERROR, f"larger than {max_body_mb} MB (max_body_mb of the site file)", False)
    if isinstance(error, DownloadTimeoutError):
        return NoAnswer(Outcome.ERROR, f"no answer within {timeout_s:.0f} s", True)
    if isinstance(error, CannotResolveHostError):
        return NoAnswer(Outcome.ERROR, "the host's name cannot be resolved", True)
    if isinstance(error, DownloadConnectionRefusedError):
        return NoAnswer(Outcome.ERROR, "the connection was refused", True)
    if isinstance(error, ResponseDataLossError):
        return NoAnswer(Outcome.ERROR, "the answer was cut off", True)
    if _is_certificate(error):
        reason = "the server's TLS certificate is not valid; verify_tls = false in the site file would accept it"
        return NoAnswer(Outcome.ERROR, reason, False)
    if isinstance(error, DownloadFailedError):
        return NoAnswer(Outcome.ERROR, "the connection was lost", True)
    text = " ".join(str(error).split())[:200]
    return NoAnswer(Outcome.ERROR, f"{type(error).__name__}: {text}" if text else type(error).__name__, True)


def _is_certificate(error: BaseException) -> bool:
    """Did the connection fail because the server's certificate was not accepted? Scrapy gives its own error for every
    failure; the one of OpenSSL is among the reasons of its cause."""
    reasons = getattr(error.__cause__, "reasons", ())
    return any("certificate verify failed" in str(reason.value) for reason in reasons)
