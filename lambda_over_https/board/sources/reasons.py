"""Where a request ended and why, in one sentence that the last row of a class can read."""

from lambda_over_https.board.vocabulary import Document

_NO_PERMISSION = "Invalid permissions on Lambda function"

_STOPPED = {
    "MISSING_AUTHENTICATION_TOKEN": "this path and verb are not deployed (it is not about tokens here).",
    "WAF_FILTERED": "AWS WAF blocked it before API Gateway looked at it.",
    "INVALID_API_KEY": "it has no API key that a usage plan of this stage accepts.",
    "THROTTLED": "too many requests: no token is left in the bucket.",
    "QUOTA_EXCEEDED": "the quota of its API key is used up.",
    "BAD_REQUEST_BODY": "API Gateway refused its body; the function was not called.",
    "BAD_REQUEST_PARAMETERS": "a required parameter is missing; the function was not called.",
    "UNSUPPORTED_MEDIA_TYPE": "API Gateway has no mapping for this content type.",
    "REQUEST_TOO_LARGE": "it is too large.",
    "INTEGRATION_TIMEOUT": "the function takes longer than API Gateway waits.",
    "INTEGRATION_FAILURE": "the function failed, or its answer is not what API Gateway needs.",
}


def reason(note: Document) -> str:
    """The sentence for a request as the sandbox describes it."""
    if note["status"] is None:
        return "The function is running …"
    return f"{note['status']}: {_why(note, [hop['name'] for hop in note['hops']])}"


def _why(note: Document, hops: list[str]) -> str:
    if note["stopped"]:
        return _stopped(note, hops)
    if "cache" in hops:
        return "answered from the cache; the function was not called."
    if "function" not in hops:
        return "API Gateway answered by itself."
    if note["failed"]:
        return "the function ran and failed; step 3.4's mapping chose the status."
    asked = "asked the table and answered" if "table" in hops else "answered"
    return f"the function {asked}, {note['ms']:.0f} ms in all."


def _stopped(note: Document, hops: list[str]) -> str:
    kind = note["stopped"]
    if kind == "ACCESS_DENIED":
        inside = "the API's own policy, or its cache's, does not let this caller in."
        return inside if "method" in hops else "there is no deployed stage of that name."
    if kind != "API_CONFIGURATION_ERROR":
        return _STOPPED.get(kind, str(note["detail"])[:300])
    if _NO_PERMISSION in note["detail"]:
        return (
            "API Gateway knocked, Lambda did not open: permission missing (3.6). "
            "This request left no line in the function's log."
        )
    return f"the API's own settings are wrong. {note['detail'][:300]}"
