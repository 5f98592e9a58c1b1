"""Where a deployment lives: the target, its account and region, and what HTTPS needs to get there."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lambda_over_https.hosts import host_of, is_this_machine
from lambda_over_https.names import PATH_PART, STAGE
from lambda_over_https.settings import AWS, SANDBOX

if TYPE_CHECKING:
    from lambda_over_https.events import Called


@dataclass(frozen=True)
class Place:
    """Where a deployment lives, and what HTTPS needs to get there.

    ``boot_id`` is the sandbox's (empty elsewhere), ``ca_bundle`` the file of its certificate authority,
    ``caller`` the ARN that AWS knows us by, ``identified`` the call that told it (None if none was needed),
    ``web_url`` the root of the endpoint's own data plane. ``immediate`` says that every change takes effect
    at once, as on a sandbox without AWS's delays.
    """

    target: str
    account: str
    region: str
    partition: str
    caller: str
    endpoint_url: str = ""
    web_url: str = ""
    boot_id: str = ""
    ca_bundle: str = ""
    profile: str = ""
    immediate: bool = False
    identified: "Called | None" = None

    @property
    def is_sandbox(self) -> bool:
        """Whether it is this machine's own sandbox."""
        return bool(self.boot_id)

    @property
    def on_this_machine(self) -> bool:
        """Whether nobody can be charged for it; see the function."""
        return on_this_machine(self.target, self.endpoint_url)

    @property
    def scope(self) -> str:
        """The folder of its journals: one for the sandbox, one an account and region, one an endpoint."""
        if self.boot_id:
            return SANDBOX
        if not self.endpoint_url:
            return f"{AWS}-{self.account}-{self.region}"
        return f"endpoint-{_as_folder(self.endpoint_url)}-{self.account}-{self.region}"

    def invoke_url(self, api_id: str) -> str:
        """The URL of POST /DynamoDBManager on stage prod of REST API ``api_id``."""
        if self.web_url:
            return f"{self.web_url}/_aws/execute-api/{api_id}/{STAGE}/{PATH_PART}"
        suffix = "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"
        return f"https://{api_id}.execute-api.{self.region}.{suffix}/{STAGE}/{PATH_PART}"


def on_this_machine(target: str, endpoint_url: str) -> bool:
    """Whether a place is the sandbox or another imitation of AWS on this machine, where nothing costs.

    Every other endpoint counts as somebody's account: before a change there the program asks.
    """
    return target != AWS and (not endpoint_url or is_this_machine(host_of(endpoint_url)))


def _as_folder(url: str) -> str:
    """A URL as a part of a folder's name: readable, short, and different for each."""
    readable = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in url)
    return f"{readable[:60].strip('-')}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"
