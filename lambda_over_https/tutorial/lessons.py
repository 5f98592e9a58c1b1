"""What there is to say about each step: in one place, in the tutorial's order, and loaded in no time."""

from typing import NamedTuple


class Lesson(NamedTuple):
    """What a step is called, why it is there, what it costs, and more for who asks.

    ``number`` and ``title`` are the tutorial's. ``more`` is what the key ``e`` of the walk tells.
    """

    number: str
    name: str
    title: str
    why: str
    costs: str
    more: str


LESSONS = (
    Lesson(
        number="1",
        name="prepare",
        title="Prepare",
        why=(
            "Everything at AWS has a name that holds an account and a region, its ARN; so we ask AWS who we "
            "are first. Wrong or expired credentials show here, before anything has been changed."
        ),
        costs="Nothing.",
        more=(
            "GetCallerIdentity needs no permission at all, so its answer tells bad keys from missing rights. "
            "The account id is needed again in step 3.6: an ARN that names the wrong account grants nothing, "
            "and says nothing."
        ),
    ),
    Lesson(
        number="2.1",
        name="package",
        title="Create a deployment package",
        why=(
            "Lambda runs code that it is given as a zip file. The handler is named FILE.FUNCTION, so the "
            "file must lie at the root of the zip. The AWS SDK need not be inside: the runtime brings it."
        ),
        costs="Nothing: a file on this machine.",
        more=(
            "The zip is built without a clock: the same source gives the same bytes, so Lambda's CodeSha256 "
            "tells whether the code has changed. A folder around the file inside the zip is the commonest "
            "mistake: Lambda then answers Runtime.ImportModuleError at the first call, not at the upload."
        ),
    ),
    Lesson(
        number="2.2",
        name="role",
        title="Create the execution role",
        why=(
            "A function has no rights of its own: Lambda assumes this role when it runs the function. The "
            "trust policy says who may assume it (Lambda), the inline policy what it may do then: use the "
            "table, write its log."
        ),
        costs="Nothing.",
        more=(
            "Two documents, two questions. The trust policy answers who may put the role on: Lambda, nobody "
            "else. The permissions policy answers what its wearer may do. IAM copies both around the world, "
            "which takes seconds: CreateFunction right after it may be refused, so we ask again. `loh drill "
            "policy` takes the table's rights away and shows what callers see."
        ),
    ),
    Lesson(
        number="2.3",
        name="function",
        title="Create the function and test it by hand",
        why=(
            "Lambda keeps the package and runs the handler on demand; nothing runs, and nothing is paid, "
            "until somebody calls. We call it once directly, before there is any API, so that later errors "
            "are the API's."
        ),
        costs="Per execution: the first million requests and 400,000 GB-seconds a month are free.",
        more=(
            "Lambda would make the log group itself at the first call, without tags and for ever. Made "
            "before, it is ours and its entries expire after a week. The function is Pending for a moment; a "
            "call in that moment is refused. The first call is slower: a cold start loads the runtime and "
            "the module, and what the module keeps outside the handler stays for the calls after it."
        ),
    ),
    Lesson(
        number="2.4",
        name="table",
        title="Create the table",
        why=(
            "The function keeps its items in DynamoDB, the NoSQL store beside it. A table needs only its "
            "key's name and type; on demand means that it is paid by the request and needs no capacity "
            "planning."
        ),
        costs="Per request (0.625 USD a million writes, 0.125 a million reads); 25 GB of storage are free.",
        more=(
            "Only the key is declared; every item may have other attributes. The table needs the API as "
            "little as the function does: echo and ping work without it, everything else answers an error "
            "until it is ACTIVE."
        ),
    ),
    Lesson(
        number="3.1",
        name="api",
        title="Create the API",
        why=(
            "API Gateway puts an HTTPS interface before the function: it throttles users and requests, "
            "protects the function, and can cache answers. A REST API is a tree of resources; it begins with "
            "the root, /."
        ),
        costs="Per request: 3.50 USD a million.",
        more=(
            "REGIONAL, because AWS's default, EDGE, puts CloudFront in front and may be created only once in "
            "30 seconds. The name is for people: a second API of the same name is no error, only a second "
            "API. The id is what the URL and every later call need."
        ),
    ),
    Lesson(
        number="3.2",
        name="resource",
        title="Create a resource",
        why=(
            "A resource is one path of the API. Requests to /DynamoDBManager will be answered, all others "
            "refused."
        ),
        costs="Nothing.",
        more=(
            "The parent's id decides where the path hangs: here the root, /. Paths are case-sensitive. A "
            "path that is not there gets 403 Missing Authentication Token, not 404: API Gateway does not "
            "tell strangers what exists. `loh drill path` shows it."
        ),
    ),
    Lesson(
        number="3.3",
        name="method",
        title="Create the POST method",
        why=(
            "A method is an HTTP verb on a resource, with its own rules: who may call it (here everybody: "
            "NONE), what it takes and what it answers."
        ),
        costs="Nothing.",
        more=(
            "Only POST: a GET on the same path gets 403 too. NONE is right for a lesson and wrong for most "
            "other things: AWS_IAM, a Cognito or Lambda authorizer, or an API key with a usage plan belong "
            "here."
        ),
    ),
    Lesson(
        number="3.4",
        name="integration",
        title="Set the function as the method's destination",
        why=(
            "The integration leads from the method to the function: the body of the request becomes its "
            "event. The responses lead back: by default even an error is HTTP 200, so patterns on the "
            "error's message give the client's faults 400, time-outs 504 and all else 500."
        ),
        costs="Nothing.",
        more=(
            "Type AWS, not AWS_PROXY: the function sees the request's body as its event, and no headers. The "
            "method GET, POST or whatever callers use is one thing, integrationHttpMethod another: Lambda's "
            "Invoke is always POST. A selectionPattern must match the whole errorMessage. `loh drill "
            "unmapped` takes the mapping away: then a failure is HTTP 200."
        ),
    ),
    Lesson(
        number="3.5",
        name="deployment",
        title="Deploy the API",
        why=(
            "Nothing of the API can be reached until it is deployed. A deployment is a snapshot, a stage "
            "(prod) is the name under which it is served. Later changes of methods or integrations need a "
            "new deployment."
        ),
        costs="Nothing; a cache would cost by the hour, and there is none.",
        more=(
            "Resources, methods and integrations are a draft; a deployment freezes it, and a stage points to "
            "one deployment. After any later change nothing is different for callers until the next "
            "deployment. `loh drill redeploy` shows both sides of that moment."
        ),
    ),
    Lesson(
        number="3.6",
        name="permission",
        title="Grant permission to invoke",
        why=(
            "The integration says where to go; the function's resource policy says who may come. Without "
            "these statements API Gateway is refused, and the caller gets 500 Internal server error. The "
            "first covers every stage (and the console's Test), so the second, for prod alone, adds nothing: "
            "it is the tutorial's."
        ),
        costs="Nothing.",
        more=(
            "Two doors, two keys. The role (2.2) says what the function may do; this resource policy says "
            "who may call the function. API Gateway is a stranger to Lambda until a statement names it, and "
            "SourceArn narrows it to this API, stage, verb and path. Where it is wrong, callers get 500 and "
            "the function's log stays empty, for the function never ran. `loh drill permission` shows it."
        ),
    ),
    Lesson(
        number="3.7",
        name="verify",
        title="Test over HTTPS",
        why=(
            "Each operation is sent three ways: directly to Lambda, through API Gateway's own test (which "
            "needs no deployment), and over HTTPS as any client would. All three run the same function on "
            "the same table."
        ),
        costs="A few requests: far below a cent.",
        more=(
            "The same event goes three ways, so a failure tells where it is: invoke fails, the function is "
            "at fault; only test-invoke-method and HTTPS fail, the API or the permission; only HTTPS fails, "
            "the deployment. A new stage and permission may take seconds to reach every server."
        ),
    ),
)


def lesson(number: str) -> Lesson:
    """The lesson of the step with that number."""
    return next(each for each in LESSONS if each.number == number)
