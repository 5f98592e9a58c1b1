"""What each chapter is called, why it is worth a look and what it costs: quick to load, as ``lessons`` is."""

from typing import NamedTuple

from lambda_over_https.aws.prices import API_REQUESTS, FIREWALL_REQUESTS, HOURLY, PRICES_OF, SCHEDULED_RUNS
from lambda_over_https.aws.quotas import REQUESTS_A_SECOND
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.lessons import Lesson


class Outline(NamedTuple):
    """A chapter in the list of chapters.

    ``shows`` is what it shows, in a few words; ``minutes`` how long it takes to go through; ``usd_per_hour``
    what it costs on AWS for as long as it is on, used or not; ``needs`` the numbers of the steps that must be
    done before; ``optional``: the chapter does without what costs that.
    """

    lesson: Lesson
    shows: str
    minutes: int
    usd_per_hour: float = 0.0
    needs: tuple[str, ...] = ("3.7",)
    optional: bool = False

    @property
    def name(self) -> str:
        """The word that stands for it in a command."""
        return self.lesson.name

    @property
    def asks(self) -> bool:
        """Whether on AWS it needs a yes to its cost."""
        return self.usd_per_hour > 0


def _lesson(name: str, title: str, why: str, costs: str, more: str) -> Lesson:
    return Lesson(name, name, title, why, costs, more)


OUTLINES = (
    Outline(
        _lesson(
            "cors",
            "Let web pages call the API",
            why=(
                "A browser lets a page read the answers of its own origin (scheme, host and port) and of no "
                "other, unless the answer says so in a header: Access-Control-Allow-Origin. Before a request "
                "with JSON it asks first, by a request with the verb OPTIONS, the preflight. So we add "
                "OPTIONS, which API Gateway answers by itself (a MOCK integration), and the header on every "
                "answer, errors included."
            ),
            costs=f"Nothing; a preflight is a request like any other: {API_REQUESTS:.2f} USD per million "
            f"({PRICES_OF}).",
            more=(
                "CORS (cross-origin resource sharing) protects the people who use a browser, not the API: "
                "curl, the aws command and every server call it without asking. A missing header on an error "
                "is a common trap: the browser then reports a CORS error and hides the real one, a 403 "
                "or a 429. What API Gateway answers itself has headers of its own, the gateway responses "
                "DEFAULT_4XX and DEFAULT_5XX. The star lets every origin in, which suits a public API "
                "without cookies; else name your origin. All of this is part of the API, so it needs a new "
                "deployment."
            ),
        ),
        "a page of another origin, blocked and then let in",
        10,
    ),
    Outline(
        _lesson(
            "throttle",
            "Throttle requests",
            why=(
                "Anyone who knows the URL may send as many requests as the account takes, "
                f"{REQUESTS_A_SECOND:,} a second by default. A stage can allow less, for each method: "
                "rateLimit is how many requests a second, "
                "burstLimit how many at once. Think of a bucket: burstLimit tokens fit in, rateLimit tokens "
                "a second flow in, each request takes one. When the bucket is empty, the caller gets 429 Too "
                "Many Requests, and the function is not called. In the setting's path ~1 stands for the / of "
                "a resource: /~1DynamoDBManager/POST."
            ),
            costs="Nothing.",
            more=(
                "This is a stage setting: it takes effect without a new deployment. AWS calls these limits "
                "targets, not ceilings: now and then more requests pass, so do not rely on them to limit "
                "costs. The first limit that applies counts: usage plan, then stage and method, then account "
                "and Region. A rateLimit of 0 is the emergency brake: every request gets 429. A good client "
                "waits after a 429 and tries again. 429 means too fast, 403 not allowed or not there, 500 "
                "broken behind the API."
            ),
        ),
        "a burst of 12 requests against a limit of 2 a second",
        5,
    ),
    Outline(
        _lesson(
            "keys",
            "Tell clients apart by API keys",
            why=(
                "A throttle treats all callers alike. With API keys API Gateway knows which client calls: "
                "every method that calls the function asks for a key in the header x-api-key, and a usage "
                "plan says what each of its keys may do: 10 requests a second, 1,000 a day (the quota). The "
                "method's change needs a deployment; the plan and its keys do not."
            ),
            costs="Nothing: plans and keys are free. A request that is refused for its key is not billed.",
            more=(
                "AWS says not to use API keys for authentication or authorization: they are sent as they "
                "are, end up in programs and logs, and whoever has one is that client. They are for counting "
                "and limiting. Their limits are targets as well. A plan covers stages; we name ours when the "
                "plan is created, because an account may call UpdateUsagePlan only once in 20 seconds. "
                "A plan that covers a stage cannot be deleted: first the stage is removed from it. Keys "
                "outlive plan and API, so a teardown has to find them. We never print a key or write it "
                "down; to send one yourself, ask for it: aws apigateway get-api-key --api-key ID "
                "--include-value."
            ),
        ),
        "403 without a key, 429 when a key's quota ends, and another key that goes on",
        10,
    ),
    Outline(
        _lesson(
            "schedule",
            "Run the function by schedule",
            why=(
                "Not only requests start a function. EventBridge Scheduler calls ours every minute, rate(1 "
                'minute), with the event {"operation": "ping"}. It asks Lambda to call it, and so it '
                "needs a role of its own: the trust policy lets Scheduler assume it, for the schedules of "
                "one group alone, and its permissions allow one thing, lambda:InvokeFunction on our "
                "function."
            ),
            costs=(
                f"Next to nothing: {SCHEDULED_RUNS:.2f} USD per million runs ({PRICES_OF}), 14 million a "
                "month free, and each run costs what a call of the function costs. 44,000 runs a month, "
                "though nobody is looking: switch it off."
            ),
            more=(
                "The call is asynchronous: Lambda says 202, keeps the event in a queue and runs the "
                "function; what the function returns goes nowhere. If it fails, Lambda tries twice more, "
                "after 1 and 2 minutes, and the error is in the log alone. (The schedule's own retries are "
                "for the delivery to Lambda.) Without an Input the function gets Scheduler's own event. "
                "Without the permission nothing runs, and nothing says so. A schedule has no tags, so its "
                "group carries ours. Scheduled rules of EventBridge do the same with a permission on the "
                "function in place of a role; AWS calls them legacy. With --role-arn your own role is used, "
                "if it trusts Scheduler. A schedule is precise to the minute."
            ),
        ),
        "the function run by the clock, without any client",
        5,
    ),
    Outline(
        _lesson(
            "cache",
            "Cache the answers of reads",
            why=(
                "If the same item is read again and again, the function and the table need not be asked each "
                "time. A stage can have a cache: API Gateway keeps an answer for 300 seconds and gives it "
                "again. That suits reads, so we add GET /DynamoDBManager?Id=1. GET has no body: a mapping "
                "template makes the function's event of the Id. The Id is also the cache key: it tells one "
                "kept answer from another."
            ),
            costs=(
                f"{HOURLY[Kind.CACHE]:.2f} USD an hour for 0.5 GB ({PRICES_OF}), used or not, outside any "
                "free tier: about 15 USD a month if you forget it."
            ),
            more=(
                "A cache answers fast and spares the function, and its answers may be old: up to the time to "
                "live (TTL), 300 seconds here, 3,600 at most. FlushStageCache empties it. A client can ask "
                "for a fresh answer by Cache-Control: max-age=0, but only one that may: otherwise everybody "
                "could go round the cache, so the default asks for the permission "
                "execute-api:InvalidateCache. POST must not be cached: the body is never part of the key, so "
                "the second create would get the first one's answer, and would not be executed. The cache is "
                "a cluster that API Gateway runs for this stage alone. To make it takes about four minutes, "
                "to delete it as long. It goes first at a teardown. In a template, switch it off in words: "
                "CloudFormation does not turn a cache off when its settings are merely left out."
            ),
        ),
        "a read from the cache, stale until the cache is emptied",
        10,
        usd_per_hour=HOURLY[Kind.CACHE],
    ),
    Outline(
        _lesson(
            "protect",
            "Protect the API from floods",
            why=(
                "Whoever floods an API with requests can make it slow for others, and expensive for you. "
                "Each layer stops what the one before lets through. AWS Shield Standard is always there, "
                "free, and keeps off floods of the network: nothing to do. We add three: a resource policy, "
                "which refuses addresses; reserved concurrency, a cap of 5 runs of the function at once; "
                "and AWS WAF, a firewall that blocks addresses, and any address that sends more than 100 "
                "requests a minute."
            ),
            costs=(
                "Resource policy and reserved concurrency cost nothing. The firewall costs "
                f"{HOURLY[Kind.WEB_ACL]:g} USD an hour ({PRICES_OF}): 5 USD a month for the web ACL and 1 "
                f"for each of its two rules; besides, {FIREWALL_REQUESTS:.2f} USD per million requests that "
                "it looks at."
            ),
            more=(
                "WAF comes first: what it blocks is not billed by API Gateway. Its rate rule is an estimate "
                "on AWS, and acts after seconds or minutes. Then come the resource policy, API keys, and the "
                "throttle (the chapter throttle). A resource policy is part of the API, so it needs a new "
                "deployment, and what it does not allow is refused. Reserved concurrency is the cap on "
                "cost: beyond it Lambda refuses, and the client gets 500. It caps good clients as well. "
                "Shield Advanced costs 3,000 USD a month and cannot protect a REST API. Many "
                "refusals are 403: the policy's message and a wrong path's differ, but the firewall, a "
                "missing key and an unknown stage all say Forbidden. Our experiment sends a small flood, and "
                "only to the sandbox on this machine; on AWS only partners that AWS has approved may "
                "simulate a flood, and not against a Regional API: "
                "aws.amazon.com/security/ddos-simulation-testing."
            ),
        ),
        "a flood, and what each layer stops of it",
        10,
        usd_per_hour=HOURLY[Kind.WEB_ACL],
        optional=True,
    ),
)
"""The chapters, in the order of the list."""


def outline(name: str) -> Outline:
    """The outline of the chapter of that name."""
    return next(each for each in OUTLINES if each.name == name)
