"""The drills of the tutorial: each breaks one thing that a step has made."""

from collections.abc import Iterator
from dataclasses import replace

from lambda_over_https.aws.policies.documents import execution_policy
from lambda_over_https.deployment.handler.sources import build_archive
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.names import PROD_STATEMENT, STAGE, TEST_STATEMENT
from lambda_over_https.practice.drills.drill import Drill, Seen, echo_event, list_event, post
from lambda_over_https.practice.drills.whole import is_whole
from lambda_over_https.tutorial.parts.reading import method_address
from lambda_over_https.tutorial.request import as_text, request_event
from lambda_over_https.tutorial.steps.deployment import OURS
from lambda_over_https.tutorial.ways import JSON, way

RAISING = {
    "python": 'def handler(event, context):\n    raise RuntimeError("The shelf is empty")\n',
    "nodejs": 'exports.handler = async () => { throw new Error("The shelf is empty"); };\n',
}


def _deploy(stack: Stack) -> None:
    stack.cloud.apigateway.create_deployment(
        restApiId=stack.id_of(Kind.REST_API), stageName=STAGE, description=f"{OURS}: a drill"
    )


def _without_permission(stack: Stack) -> Iterator[Seen]:
    for statement in (TEST_STATEMENT, PROD_STATEMENT):
        stack.cloud.lambda_.remove_permission(FunctionName=stack.names.function, StatementId=statement)
    yield post(stack, echo_event(stack), lambda seen: seen.status == 500)


def _without_policy(stack: Stack) -> Iterator[Seen]:
    if stack.choices.role_arn:
        raise LohError(
            "This deployment uses a role of yours (--role-arn), so its policy is not ours to change.",
            "Try another drill.",
        )
    policy = execution_policy(stack.table_arn, stack.log_group_arn)
    policy["Statement"] = [each for each in policy["Statement"] if each["Sid"] == "Logs"]
    stack.cloud.iam.put_role_policy(
        RoleName=stack.names.role, PolicyName=stack.names.policy, PolicyDocument=as_text(policy)
    )
    yield post(stack, list_event(stack), lambda seen: seen.status == 500, log=True)


def _wrong_path(stack: Stack) -> Iterator[Seen]:
    yield post(stack, echo_event(stack), path="s")


def _raising(stack: Stack) -> Iterator[Seen]:
    runtime = stack.choices.runtime
    archive = build_archive(RAISING[runtime].encode(), runtime)
    stack.cloud.lambda_.update_function_code(FunctionName=stack.names.function, ZipFile=archive)
    yield post(stack, echo_event(stack), lambda seen: "shelf" in seen.body, log=True)


def _unmapped(stack: Stack) -> Iterator[Seen]:
    apigateway, where = stack.cloud.apigateway, method_address(stack)
    for status in ("400", "500", "504"):
        apigateway.delete_integration_response(**where, statusCode=status)
    _deploy(stack)
    yield post(stack, _mistake(stack), lambda seen: seen.status == 200)


def _mistake(stack: Stack) -> str:
    return as_text(request_event("nonsense", stack.names.table, {}))


def _maps_errors(stack: Stack) -> bool:
    return is_whole(stack) if stack.choices.source else post(stack, _mistake(stack)).status == 400


def _not_redeployed(stack: Stack) -> Iterator[Seen]:
    apigateway, where = stack.cloud.apigateway, method_address(stack)
    apigateway.put_integration_response(
        **where, statusCode="200", responseTemplates={JSON: '{"answer": "from the draft"}'}
    )
    yield replace(post(stack, echo_event(stack)), before="The draft is changed, and not deployed:")
    with way(stack, "test-invoke-method") as test:
        reply = test.send(echo_event(stack))
    yield Seen(
        "test-invoke-method", reply.status, reply.body, before="API Gateway's own test runs the draft:"
    )
    _deploy(stack)
    deployed = post(stack, echo_event(stack), lambda seen: "draft" in seen.body)
    yield replace(deployed, before="Now we deploy, and ask once more:")


TUTORIAL_DRILLS: tuple[Drill, ...] = (
    Drill(
        name="permission",
        title="Without the permission to invoke",
        story="We remove what step 3.6 granted: both statements of the function's resource policy.",
        question="What will a caller get?",
        choices=("200, as before: the API is deployed", "403 Forbidden", "500 Internal server error"),
        right=2,
        why="Lambda refused API Gateway. For the caller that is a failure of the API itself, so 500 without "
        "a reason. The function never ran, so HTTPS requests leave no log lines. A wrong SourceArn looks "
        "just the same.",
        repair="Grant it again (step 3.6): both statements. One would do for callers, but step 3.6 has two.",
        play=_without_permission,
        foretold=lambda seen: seen[0].status == 500 and "Internal server error" in seen[0].body,
    ),
    Drill(
        name="policy",
        title="Without permission to use the table",
        story="We remove the table from the role's policy; writing the log stays allowed.",
        question="A caller asks for the list of items. What comes back?",
        choices=("403, from DynamoDB", "500, and only the log says why", "200 and an empty list"),
        right=1,
        why="The function runs, and DynamoDB refuses its call: AccessDenied, in the log. It is not a 403, "
        "because the caller's permissions do not matter here: the function's role (step 2.2) decides what "
        "the function may do.",
        repair="Put the policy back (step 2.2).",
        play=_without_policy,
        foretold=lambda seen: seen[0].status == 500 and any("AccessDenied" in line for line in seen[0].log),
        mark="AccessDenied",
    ),
    Drill(
        name="path",
        title="A wrong path",
        story="We break nothing: we only add a letter to the URL.",
        question="What does API Gateway answer for a path that does not exist?",
        choices=("404 Not Found", "403 Missing Authentication Token", "200 and null"),
        right=1,
        why="API Gateway uses one answer for a signature that is missing, an unknown path and an unknown "
        "verb. When you see this message, check path and verb, and whether they were deployed; a wrong "
        "stage says Forbidden.",
        repair="Nothing to repair.",
        play=_wrong_path,
        foretold=lambda seen: seen[0].status == 403 and "Missing Authentication Token" in seen[0].body,
        breaks=False,
    ),
    Drill(
        name="raises",
        title="A handler that raises",
        story="We replace the function's code with one line that raises an error.",
        question="Lambda itself answers API Gateway with 200 and an error document. What does the caller "
        "get?",
        choices=("200 and the error document", "502 Bad Gateway", "500 and the error's message"),
        right=2,
        why="The integration responses of step 3.4 compare errorMessage with their patterns: what is "
        "neither the client's fault nor a timeout becomes 500. The template keeps the stack trace from the "
        "caller.",
        repair="Deploy the real code again (step 2.3).",
        play=_raising,
        foretold=lambda seen: seen[0].status == 500 and '"message": "The shelf is empty"' in seen[0].body,
        mark="RuntimeError",
    ),
    Drill(
        name="unmapped",
        title="Errors without a mapping",
        story="We delete the integration responses for 400, 500 and 504, and deploy.",
        question="A caller asks for an operation that does not exist. Which status comes back?",
        choices=("400", "500", "200"),
        right=2,
        why="An integration without error patterns has one answer: its default, 200. The body holds an "
        "errorMessage, but the status says that all is well, and clients that check the status believe it.",
        repair="Map the errors again and deploy (steps 3.4 and 3.5).",
        play=_unmapped,
        foretold=lambda seen: seen[0].status == 200 and "errorMessage" in seen[0].body,
        whole=_maps_errors,
    ),
    Drill(
        name="redeploy",
        title="A change without a deployment",
        story="We change what POST answers, and do not deploy.",
        question="What does a caller get now?",
        choices=("the new answer", "the old answer", "an error until it is deployed"),
        right=1,
        why="A stage serves a deployment, which is a snapshot of the draft. TestInvokeMethod runs the "
        "draft, so it shows the new answer at once; callers get it only after CreateDeployment.",
        repair="Undo the change and deploy (steps 3.4 and 3.5).",
        play=_not_redeployed,
        foretold=lambda seen: ["draft" in each.body for each in seen] == [False, True, True],
    ),
)
