"""What each step is called, why it is there and what it costs: in the tutorial's order, quick to load."""

from typing import NamedTuple

from lambda_over_https.aws.prices import (
    API_REQUESTS,
    LAMBDA_GB_SECONDS,
    LAMBDA_REQUESTS,
    PRICES_OF,
    READ_UNITS,
    WRITE_UNITS,
)

"""What is said wherever AWS's prices are: of when and where they are."""


class Lesson(NamedTuple):
    """One step in words: its title, why it is there, what it costs, and more for those who ask.

    ``number`` and ``title`` follow the tutorial's 2018 edition (which makes the table, our 2.4, at the start
    of its last step). ``more`` is what the key ``e`` of the walk and ``loh explain`` add.
    """

    number: str
    name: str
    title: str
    why: str
    costs: str
    more: str


GOAL = (
    "You will build a web service without a server of your own. A client sends JSON over HTTPS to API "
    "Gateway; API Gateway calls your Lambda function; the function keeps items in a DynamoDB table."
)
"""What the tutorial builds, before its first step."""

EFFORT = (
    "The tutorial takes about 20 minutes if you read every page. Everything can be undone: b takes back a "
    "step, and `loh teardown` removes it all."
)

LESSONS = (
    Lesson(
        number="1",
        name="prepare",
        title="Prepare",
        why=(
            "Your credentials, a key and its secret, tell AWS who calls. A Region is a place where AWS has "
            "data centers, such as us-east-1 in Virginia; nearly every resource is made in one. Most have an "
            "ARN (Amazon Resource Name), a name that usually holds account and Region. So we first ask AWS "
            "who we are: wrong or expired credentials show here, before anything has been changed."
        ),
        costs="Nothing.",
        more=(
            "GetCallerIdentity needs no permission at all, so it shows whether your keys work, before any "
            "permission matters. Step 3.6 needs the account id again: an ARN with the wrong account grants "
            "nothing, and no error says so."
        ),
    ),
    Lesson(
        number="2.1",
        name="package",
        title="Create a deployment package",
        why=(
            "Lambda receives code as a zip file and calls one function in it, the handler. The handler's "
            "name, FILE.FUNCTION, says which file of the zip to load and which function to call. A runtime "
            "(Python or Node.js in one version) runs it. It includes AWS's library for that language, the "
            "SDK, so the zip needs only our one file."
        ),
        costs="Nothing: a file on this machine.",
        more=(
            "The date inside the zip is fixed, so the same source always gives the same bytes, and Lambda's "
            "CodeSha256 shows whether the code has changed. A common mistake is to zip a folder instead of "
            "the file: the upload succeeds, and the first call fails with Runtime.ImportModuleError. (A "
            "handler may be in a folder, if its name says so: FOLDER/FILE.FUNCTION.) AWS "
            "updates the SDK in its runtimes from time to time; production code should pack its own."
        ),
    ),
    Lesson(
        number="2.2",
        name="role",
        title="Create the execution role",
        why=(
            "A function has no permissions of its own. It has those of a role in IAM, AWS's service for "
            "permissions; AWS says that Lambda assumes the role, which means uses it. The trust policy says "
            "who may do so: Lambda. The inline policy, a part of this one role, says what the function may "
            "then do: use the table and write its log. The tags, labels on a resource, mark it as ours."
        ),
        costs="Nothing.",
        more=(
            "Two documents answer two questions. The trust policy: who may use the role? Lambda, and nobody "
            "else. The permissions policy: what may it then do? IAM copies both around the world, which "
            "takes seconds. CreateFunction right after CreateRole may be refused for that reason, so we try "
            "again. dynamodb:Query is allowed because the tutorial's policy allows it: the handler makes no "
            "query. `loh drill policy` removes the permission to use the table and shows what callers see."
        ),
    ),
    Lesson(
        number="2.3",
        name="function",
        title="Create the function and test it by hand",
        why=(
            "Lambda keeps the package and runs the handler on demand; nothing runs, and nothing is paid, "
            "until somebody calls. We call it once directly, before there is an API: if a later call fails, "
            "the API is the first suspect."
        ),
        costs=f"{LAMBDA_REQUESTS:.2f} USD per million calls, and {LAMBDA_GB_SECONDS:.2f} USD per million "
        f"GB-seconds ({PRICES_OF}).",
        more=(
            "A GB-second is one second with 1 GB of memory. A million calls and 400,000 GB-seconds a month "
            "are free. With a role that allows it, Lambda makes the log group itself, without tags, and its "
            "entries never expire. Our role does not allow it: we make the group first, and its entries "
            "expire after a week. A new function is Pending for a moment, and a call in that moment is "
            "refused. The first call is a cold start: it loads the runtime and the module, and AWS bills "
            "that time too. What the module keeps outside the handler may still be there if a later call "
            "reaches the same environment. Never rely on it, and keep no user data there. Requests at the "
            "same time need an environment each. An account has 1,000 in each Region, a new "
            "one fewer; when all are busy, callers of a REST API get 500."
        ),
    ),
    Lesson(
        number="2.4",
        name="table",
        title="Create the table",
        why=(
            "The function keeps its items in DynamoDB, AWS's NoSQL database. A table declares only its key: "
            "here Id, of type S, a string. HASH means partition key: from the Id, DynamoDB computes where it "
            "keeps the item. "
            "PAY_PER_REQUEST, also called on demand: you pay for each request and reserve nothing."
        ),
        costs=(
            f"{WRITE_UNITS} USD per million write units (of 1 KB), {READ_UNITS} USD per million read units "
            f"(of 4 KB; {PRICES_OF}). 25 GB of storage are free."
        ),
        more=(
            "Only the key is declared; every item may have other attributes. One `list` reads up to 1 MB of "
            "the table and pays for all that it reads, which is many read units. The table works without "
            "the API. Echo and ping work without the table; every other operation returns an error until "
            "the table is ACTIVE."
        ),
    ),
    Lesson(
        number="3.1",
        name="api",
        title="Create the API",
        why=(
            "API Gateway puts an HTTPS interface in front of the function. It can throttle, authorize and "
            "cache; here it does none of that, and anyone with the URL may call. A REST API is a tree of "
            "resources that begins with the root, /."
        ),
        costs=(
            f"{API_REQUESTS:.2f} USD per million requests ({PRICES_OF}); beyond 333 million a month each "
            "million costs less. Data that leaves AWS costs extra."
        ),
        more=(
            "REGIONAL, because AWS's default, EDGE, puts CloudFront (AWS's servers close to the users) in "
            "front and may be created only once in 30 seconds. The name is for people: a second API of the "
            "same name is not an error, only a second API. The URL and every later call use the id. A REST "
            "API is the largest of three choices. An HTTP API costs 1.00 USD per million requests, and a "
            "function URL has no charge for a gateway. Choose a REST API for usage plans (limits for each "
            "client), request validation (API Gateway refuses malformed requests), caching or AWS WAF, the "
            "web firewall. `loh chapter list` shows what of that you can try after the last step."
        ),
    ),
    Lesson(
        number="3.2",
        name="resource",
        title="Create a resource",
        why=(
            "A resource is one path of the API. API Gateway will answer requests to /DynamoDBManager and "
            "refuse all others."
        ),
        costs="Nothing.",
        more=(
            "The parent's id decides where the path goes: here below the root, /. Paths are case-sensitive. "
            "A path that does not exist gets 403 Missing Authentication Token, not 404. API Gateway uses "
            "one answer for a signature that is missing, an unknown path and an unknown verb. `loh drill "
            "path` shows it."
        ),
    ),
    Lesson(
        number="3.3",
        name="method",
        title="Create the POST method",
        why=(
            "A method is an HTTP verb on a resource, with its own rules: who may call it (here NONE: no "
            "check, so anyone), what it takes and what it answers."
        ),
        costs="Nothing.",
        more=(
            "Only POST is defined: a GET on the same path gets 403 too. NONE is right for a lesson and wrong "
            "for almost everything else: until teardown, anyone with this URL can read, change and delete "
            "the table's items, at your cost. To decide who may call, use AWS_IAM (clients sign with AWS "
            "keys), Cognito (AWS's service for users and passwords) or a Lambda authorizer (a function of "
            "yours decides). API keys only count and limit clients, and now and then AWS lets more pass than "
            "the limit. Whatever stays online needs real authorization, and a budget alarm."
        ),
    ),
    Lesson(
        number="3.4",
        name="integration",
        title="Set the function as the method's destination",
        why=(
            "The integration says which function the method calls; the request's body becomes the function's "
            "event. On the way back every answer needs an HTTP status. The method responses list the ones "
            "that may be sent: 200, 400, 500 and 504. The integration responses say when each is sent, by a "
            "selectionPattern: a regular expression for the function's error message. "
            r"\[BadRequest\][\s\S]* means: begins with [BadRequest], then anything, also new lines. "
            "Such a message is 400, a timeout's 504, any other error's 500. An answer that matches no "
            "pattern is 200. So without patterns even an error is 200."
        ),
        costs="Nothing.",
        more=(
            "Type AWS, not AWS_PROXY: the function sees the request's body as its event, and no headers. For "
            "new APIs AWS recommends AWS_PROXY: the function receives the whole request and sets status and "
            "headers itself. This tutorial uses the older custom integration, because it shows the mapping. "
            "httpMethod is the verb that clients use. integrationHttpMethod is the verb with which API "
            "Gateway calls Lambda: always POST, even if clients use GET. A selectionPattern must match the "
            "whole error message. `loh drill unmapped` removes the patterns: then a failure is HTTP 200."
        ),
    ),
    Lesson(
        number="3.5",
        name="deployment",
        title="Deploy the API",
        why=(
            "What has been made of the API so far is a draft, which nobody can reach. A deployment is a "
            "snapshot of the draft, and a stage (prod) is the name in the URL under which one deployment is "
            "served. Later changes of resources, methods and integrations need a new deployment."
        ),
        costs="Nothing. A cache would cost by the hour; there is none.",
        more=(
            "Changed resources, methods and integrations stay in the draft until the next deployment. Stage "
            "settings, usage plans and the function's code need none: they take effect at once. `loh drill "
            "redeploy` shows the API before and after a deployment."
        ),
    ),
    Lesson(
        number="3.6",
        name="permission",
        title="Grant permission to invoke",
        why=(
            "The integration says which function to call. The function's resource policy, a policy attached "
            "to the function itself, says who may call it. This step adds two statements to it, which allow "
            "API Gateway. Without them Lambda refuses the call, and the client gets 500 Internal server "
            "error. The first statement is for every stage, so one would do; the tutorial has a second, for "
            "prod alone. Their names end in -2 in the tutorial too; Lambda takes any names."
        ),
        costs="Nothing.",
        more=(
            "These are two separate permissions. The role (2.2) says what the function may do; "
            "this resource policy says who may call the function. No other service may, until a statement "
            "names it, and SourceArn narrows the statement to this API, stage, verb and path. If SourceArn "
            "is wrong, callers get 500, and HTTPS requests leave no log lines, because the function never "
            "ran. `loh drill permission` shows it."
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
            "The same event goes three ways, so a failure shows where the fault is. If invoke fails, look at "
            "the function. If only test-invoke-method and HTTPS fail, look at the API or the permission. If "
            "only HTTPS fails, it is usually the deployment or a stage setting. A new stage or permission "
            "can take seconds to reach every server. A last word on costs: logs cost 0.50 USD per GB "
            "written, and the log groups that Lambda makes itself never expire. Set a retention, and never "
            "log secrets. Real projects describe a stack like this one in AWS SAM, CDK or Terraform."
        ),
    ),
)


def lesson(number: str) -> Lesson:
    """The lesson of the step with that number."""
    return next(each for each in LESSONS if each.number == number)
