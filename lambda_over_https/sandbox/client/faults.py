"""The faults that an instructor can switch on in the sandbox, as text; ``layers.faults`` makes them happen.

Imports nothing heavy, so that the command line can print the list at once.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """``summary``: what is wrong. ``symptom``: what the class sees. ``search``: how to find and fix it."""

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
        "does not name lambda.amazonaws.com: aws iam get-role shows it. Here only switching the fault off "
        "helps.",
    ),
    Fault(
        CREATES,
        "API Gateway throttles every call that creates something.",
        "Steps 3.1, 3.2 and 3.5 answer TooManyRequestsException (HTTP 429) again and again.",
        "Too many people share the account: API Gateway lets an account create one Regional API in 3 seconds "
        "and deploy once in 5. Wait and retry with growing pauses, never in parallel.",
    ),
    Fault(
        SOURCE_ARN,
        "The function's permission names a path that is not the API's (its case is wrong).",
        'HTTPS answers 500 {"message": "Internal server error"}; invoking the function directly works, and '
        "HTTPS requests leave no log lines.",
        "TestInvokeMethod's log says Invalid permissions on Lambda function; compare aws lambda "
        "get-policy with the resource's path. Fix it with remove-permission, then add-permission.",
    ),
    Fault(
        TOKEN,
        "The credentials of the person who runs the tutorial have expired.",
        "Every call fails: ExpiredToken from IAM and STS, ExpiredTokenException from the other services "
        "(403 or 400).",
        "aws sts get-caller-identity fails the same way, so no permission is missing: get new credentials. "
        "What was made still exists and still answers.",
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
        "Every request waits for the function's timeout, then fails: Task timed out; HTTPS answers 504 "
        "through step 3.4's mapping.",
        "REPORT lines in the log show a duration equal to the timeout. A longer timeout "
        "(UpdateFunctionConfiguration) only makes the wait longer; API Gateway itself gives up after 29 "
        "seconds by default.",
    ),
)

NAMES = tuple(fault.name for fault in FAULTS)
