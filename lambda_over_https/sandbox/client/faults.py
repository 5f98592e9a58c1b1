"""The faults an instructor can switch on in front of a class, as text; ``drills`` makes them happen.

Imports nothing, so that the command line can print the list at once.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """``summary``: what is wrong. ``symptom``: what the class sees. ``search``: how to find and repair it."""

    name: str
    summary: str
    symptom: str
    search: str


ROLE = "role-never-assumable"
CREATES = "throttled-creates"
SOURCE_ARN = "wrong-source-arn"
TOKEN = "expired-token"  # noqa: S105 - a fault's name
ERROR = "function-error"
SLOW = "slow-function"

FAULTS = (
    Fault(
        ROLE,
        "Lambda can never assume the execution role.",
        "Step 2.3 retries and gives up: InvalidParameterValueException, The role defined for the function "
        "cannot be assumed by Lambda.",
        'The same words mean "not yet" for some seconds after CreateRole, and "never" if the trust policy '
        "does not name lambda.amazonaws.com: aws iam get-role shows it. Here only switching off helps.",
    ),
    Fault(
        CREATES,
        "API Gateway throttles every call that creates something.",
        "Steps 3.1, 3.2 and 3.5 answer TooManyRequestsException (HTTP 429) again and again.",
        "Too many people share the account: API Gateway lets an account create one Regional API in 3 seconds "
        "and deploy once in 5. Wait and retry, with growing pauses, never in parallel.",
    ),
    Fault(
        SOURCE_ARN,
        "The function's permission names a path that is not the API's (its case is wrong).",
        'HTTPS answers 500 {"message": "Internal server error"}; invoking the function directly works, and '
        "its log stays empty.",
        "TestInvokeMethod's log says Invalid permissions on Lambda function; compare aws lambda "
        "get-policy with the resource's path. Repair: remove-permission, then add-permission again.",
    ),
    Fault(
        TOKEN,
        "The credentials of whoever runs the tutorial have expired.",
        "Every call fails: ExpiredToken from IAM and STS, ExpiredTokenException from the other services "
        "(403 or 400).",
        "aws sts get-caller-identity fails the same way, so it is not a permission: get new credentials. "
        "What was made is still there and still serves.",
    ),
    Fault(
        ERROR,
        "The function's code has a bug: it raises an exception on every event.",
        "The answer holds errorMessage and errorType; HTTPS maps it to 500 (or to 200 without an error "
        "mapping).",
        "The function's log group has the stack trace: aws logs filter-log-events. Invoking directly shows "
        "FunctionError: Unhandled.",
    ),
    Fault(
        SLOW,
        "The function takes longer than its timeout.",
        "Every request waits for the function's timeout, then fails: Task timed out; HTTPS answers 504.",
        "REPORT lines in the log show a duration equal to the timeout. A longer timeout "
        "(UpdateFunctionConfiguration) only moves the wait; API Gateway itself gives up after 29 seconds.",
    ),
)

NAMES = tuple(fault.name for fault in FAULTS)
