"""The steps, a module or a package each: find, make and remove a resource, even a protected one."""

from lambda_over_https.tutorial.definition import NOTHING, TUTORIAL, Api
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.tutorial.steps import api as rest_api
from lambda_over_https.tutorial.steps import (
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


def steps_for(api: Api, former: Api = NOTHING) -> tuple[Step, ...]:
    """The tutorial's steps for an API that is to be ``api``; they remove what it has of ``former``."""
    return (
        prepare.STEP,
        package.STEP,
        role.STEP,
        function.STEP,
        table.STEP,
        rest_api.STEP,
        resource.STEP,
        method.step(api, former),
        integration.step(api, former),
        deployment.step(api),
        permission.step(api, former),
        verify.STEP,
    )


STEPS: tuple[Step, ...] = steps_for(TUTORIAL)
"""The tutorial without any chapter."""
