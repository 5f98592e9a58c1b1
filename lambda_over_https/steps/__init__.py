"""The tutorial as an ordered list: this is the only place that knows the order."""

from lambda_over_https.steps import (
    api,
    deployment,
    function,
    integration,
    method,
    package,
    permission,
    prepare,
    resource,
    role,
    table,
    verify,
)
from lambda_over_https.steps.step import Step

STEPS: tuple[Step, ...] = (
    prepare.STEP,
    package.STEP,
    role.STEP,
    function.STEP,
    table.STEP,
    api.STEP,
    resource.STEP,
    method.STEP,
    integration.STEP,
    deployment.STEP,
    permission.STEP,
    verify.STEP,
)
