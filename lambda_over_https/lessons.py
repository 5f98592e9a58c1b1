"""What there is to say about a step beyond why it is there: the key ``e`` of the walk, and ``explain``."""

MORE = {
    "1": (
        "GetCallerIdentity needs no permission at all, so its answer tells bad keys from missing rights. "
        "The account id is needed again in step 3.6: an ARN that names the wrong account grants nothing, "
        "and says nothing."
    ),
    "2.1": (
        "The zip is built without a clock: the same source gives the same bytes, so Lambda's CodeSha256 "
        "tells whether the code has changed. A folder around the file inside the zip is the commonest "
        "mistake: Lambda then answers Runtime.ImportModuleError at the first call, not at the upload."
    ),
    "2.2": (
        "Two documents, two questions. The trust policy answers who may put the role on: Lambda, nobody "
        "else. The permissions policy answers what its wearer may do. IAM copies both around the world, "
        "which takes seconds: CreateFunction right after it may be refused, so we ask again. `loh drill "
        "policy` takes the table's rights away and shows what callers see."
    ),
    "2.3": (
        "Lambda would make the log group itself at the first call, without tags and for ever. Made "
        "before, it is ours and its entries expire after a week. The function is Pending for a moment; a "
        "call in that moment is refused. The first call is slower: a cold start loads the runtime and the "
        "module, and what the module keeps outside the handler stays for the calls after it."
    ),
    "2.4": (
        "Only the key is declared; every item may have other attributes. The table needs the API as "
        "little as the function does: echo and ping work without it, everything else answers an error "
        "until it is ACTIVE."
    ),
    "3.1": (
        "REGIONAL, because AWS's default, EDGE, puts CloudFront in front and may be created only once in "
        "30 seconds. The name is for people: a second API of the same name is no error, only a second "
        "API. The id is what the URL and every later call need."
    ),
    "3.2": (
        "The parent's id decides where the path hangs: here the root, /. Paths are case-sensitive. A path "
        "that is not there gets 403 Missing Authentication Token, not 404: API Gateway does not tell "
        "strangers what exists. `loh drill path` shows it."
    ),
    "3.3": (
        "Only POST: a GET on the same path gets 403 too. NONE is right for a lesson and wrong for most "
        "other things: AWS_IAM, a Cognito or Lambda authorizer, or an API key with a usage plan belong "
        "here."
    ),
    "3.4": (
        "Type AWS, not AWS_PROXY: the function sees the request's body as its event, and no headers. The "
        "method GET, POST or whatever callers use is one thing, integrationHttpMethod another: Lambda's "
        "Invoke is always POST. A selectionPattern must match the whole errorMessage. `loh drill "
        "unmapped` takes the mapping away: then a failure is HTTP 200."
    ),
    "3.5": (
        "Resources, methods and integrations are a draft; a deployment freezes it, and a stage points to "
        "one deployment. After any later change nothing is different for callers until the next "
        "deployment. `loh drill redeploy` shows both sides of that moment."
    ),
    "3.6": (
        "Two doors, two keys. The role (2.2) says what the function may do; this resource policy says who "
        "may call the function. API Gateway is a stranger to Lambda until a statement names it, and "
        "SourceArn narrows it to this API, stage, verb and path. Where it is wrong, callers get 500 and "
        "the function's log stays empty, for the function never ran. `loh drill permission` shows it."
    ),
    "3.7": (
        "The same event goes three ways, so a failure tells where it is: invoke fails, the function is at "
        "fault; only test-invoke-method and HTTPS fail, the API or the permission; only HTTPS fails, the "
        "deployment. A new stage and permission may take seconds to reach every server."
    ),
}
