"""AWS's timing of WAF: a new web ACL cannot be associated at once."""

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse, Layer
from lambda_over_https.sandbox.layers.timing import Timing
from lambda_over_https.sandbox.model.errors import AwsError

_UNAVAILABLE = (
    "AWS WAF couldn\u2019t retrieve a resource that you specified for this operation. If you\u2019ve just "
    "created a resource that you\u2019re using in this operation, you might just need to wait a few minutes. "
    "It can take from a few seconds to a number of minutes for changes to propagate. Verify the resource "
    "specification in your request parameters and then retry the operation."
)


class FirewallTiming(Layer):
    """Makes those wait who associate a web ACL, as ``timing`` says."""

    services = frozenset({"wafv2"})

    def __init__(self, timing: Timing) -> None:
        self._timing = timing

    def before(self, call: AwsCall) -> None:
        """Refuse a web ACL that is too new."""
        arn = call.parameters.get("WebACLArn")
        if call.operation == "AssociateWebACL" and self._timing.under_way("web_acl", arn):
            raise AwsError("WAFUnavailableEntityException", _UNAVAILABLE)

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Note a new web ACL."""
        if call.operation == "CreateWebACL":
            self._timing.begin("web_acl", response.document["Summary"]["ARN"])
