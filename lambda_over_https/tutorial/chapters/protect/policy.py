"""The API's resource policy: who may call it."""

from typing import Any

REFUSED = "127.0.0.2"
"""The address on this machine that the policy refuses, for the experiment."""

REFUSED_NETWORKS = (f"{REFUSED}/32", "203.0.113.0/24")
"""What the policy refuses: nobody on the Internet has either (RFC 1122, RFC 5737)."""

POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
        },
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
            "Condition": {"IpAddress": {"aws:SourceIp": list(REFUSED_NETWORKS)}},
        },
    ],
}
