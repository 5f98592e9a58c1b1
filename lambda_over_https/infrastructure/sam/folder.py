"""What lies beside a SAM template: a README with the commands for it."""

from lambda_over_https.infrastructure.description import Description
from lambda_over_https.infrastructure.readme import TAKEN, readme, request
from lambda_over_https.infrastructure.sam.template import camel, left_out, template

_TESTED = (
    "cfn-lint finds no fault in the template, and aws-sam-translator transforms it. "
    "It was not deployed on AWS."
)

_COMMANDS = """\
# deploy
sam deploy --stack-name {stack} --resolve-s3 --capabilities CAPABILITY_IAM{chosen}
# try
output() {{
    aws cloudformation describe-stacks --stack-name {stack} --output text \\
        --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue"
}}
{request}
# delete, with all items of the table
sam delete --stack-name {stack}
# what stays: the stack aws-sam-cli-managed-default, whose bucket serves all of your SAM projects"""


def not_included(description: Description) -> list[str]:
    """What of the deployment is not in the template."""
    return [*description.left_out, *left_out(description)]


def files(description: Description, name: str) -> dict[str, str]:
    """The folder's files but for the handler; ``name`` is the deployment's."""
    needed = [f"{camel(each.name)}=…" for each in description.parameters if each.default is None]
    commands = _COMMANDS.format(
        stack=f"lambda-over-https-{name.replace('_', '-')}",
        chosen=f" \\\n    --parameter-overrides {' '.join(needed)}" if needed else "",
        request=request(description, "$(output InvokeUrl)", "$(output ApiKeyId)"),
    )
    names = TAKEN.format(name=name, how="`--parameter-overrides`")
    return {
        "template.yaml": template(description),
        "README.md": readme(not_included(description), "template.yaml", names, _TESTED, commands),
        ".gitignore": ".aws-sam/\nsamconfig.toml\n",
    }
