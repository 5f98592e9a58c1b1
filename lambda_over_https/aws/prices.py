"""AWS's prices, each once: in US dollars, of 2026, in us-east-1.

Sources: the price pages of API Gateway (REST APIs), Lambda (x86), DynamoDB (on demand), CloudWatch (logs),
EventBridge (Scheduler) and AWS WAF.
"""

from collections.abc import Mapping

from lambda_over_https.kinds import Kind

PRICES_OF = "public prices of 2026, us-east-1"
"""How texts name them."""

API_REQUESTS = 3.50
"""A million requests to a REST API, of the first 333 million a month."""

LAMBDA_REQUESTS = 0.20
"""A million calls of a function."""

LAMBDA_GB_SECONDS = 16.6667
"""A million seconds of a function with 1 GB of memory."""

WRITE_UNITS, READ_UNITS = 0.625, 0.125
"""A million write units (of 1 KB) and read units (of 4 KB)."""

LOG_GB = 0.50
"""A GB that is written to a log."""

SCHEDULED_RUNS = 1.00
"""A million runs of schedules; the first 14 million a month are free."""

FIREWALL_REQUESTS = 0.60
"""A million requests that a web ACL looks at."""

HOURLY: Mapping[str, float] = {Kind.CACHE: 0.02, Kind.WEB_ACL: 0.0096}
"""An hour of what costs as long as it exists, used or not: a cache of 0.5 GB, a web ACL with two rules."""
