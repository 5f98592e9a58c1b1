"""The steps in order, one module each: find, make and remove a resource, even a protected one."""

from lambda_over_https.tutorial.steps import (
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
from lambda_over_https.tutorial.steps.step import Step

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
