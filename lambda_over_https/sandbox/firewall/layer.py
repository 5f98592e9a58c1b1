"""The control plane's layer for WAF, and the gateway's door to it; the rest loads with the first call."""

import time
from typing import TYPE_CHECKING

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse, Inner, Layer
from lambda_over_https.sandbox.web.http import Request

if TYPE_CHECKING:
    from lambda_over_https.sandbox.firewall.service import Firewall

_DELETIONS = frozenset({"DeleteStage", "DeleteRestApi"})


class FirewallLayer(Layer):
    """Answers WAF's calls, and tells whether a request may pass."""

    services = frozenset({"apigateway", "wafv2"})

    def __init__(self) -> None:
        self._firewall: Firewall | None = None

    def instead(self, call: AwsCall, inner: Inner) -> AwsResponse | None:
        """Answer WAF's calls."""
        del inner
        if call.service != "wafv2":
            return None
        if self._firewall is None:
            from lambda_over_https.sandbox.firewall.service import Firewall

            self._firewall = Firewall()
        return self._firewall.answer(call)

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Let go of the associations of stages that are gone."""
        del response
        if self._firewall and call.operation in _DELETIONS:
            self._firewall.let_go(call.region, call.parameters["restApiId"])

    def lets_in(self, api_id: str, stage: str, request: Request, path: str) -> bool:
        """Whether the stage's web ACL lets the request in, if it has one; ``path`` follows the stage."""
        firewall = self._firewall
        if firewall is None or firewall.items.guard_of((api_id, stage)) is None:
            return True
        from lambda_over_https.sandbox.firewall.requests import WebRequest

        seen = WebRequest(
            client=request.client,
            method=request.method,
            path=f"/{stage}{path}",
            query=request.query,
            headers=request.headers,
            body=request.body,
            received=time.time(),
        )
        return firewall.inspection.lets_in((api_id, stage), seen)
