"""What lies beside a SAM template: a README with the commands for it."""

from lambda_over_https.infrastructure.description import Description
from lambda_over_https.infrastructure.readme import REQUEST, TAKEN, readme
from lambda_over_https.infrastructure.sam.template import camel, template

_TESTED = (
    "cfn-lint finds no fault in the template, and aws-sam-translator transforms it. "
    "It was not deployed on AWS."
)

_COMMANDS = """\
# deploy
sam deploy --stack-name {stack} --resolve-s3 --capabilities CAPABILITY_IAM{chosen}
# try
url=$(aws cloudformation describe-stacks --stack-name {stack} \\
    --query "Stacks[0].Outputs[?OutputKey=='InvokeUrl'].OutputValue" --output text)
curl -X POST -d '{request}' "$url"
# delete, with all items of the table
sam delete --stack-name {stack}"""


def files(description: Description, name: str) -> dict[str, str]:
    """The folder's files but for the handler; ``name`` is the deployment's."""
    needed = [f"{camel(each.name)}=…" for each in description.parameters if each.default is None]
    commands = _COMMANDS.format(
        stack=f"lambda-over-https-{name.replace('_', '-')}",
        chosen=f" \\\n    --parameter-overrides {' '.join(needed)}" if needed else "",
        request=REQUEST,
    )
    names = TAKEN.format(name=name, how="`--parameter-overrides`")
    return {
        "template.yaml": template(description),
        "README.md": readme(description, "template.yaml", names, _TESTED, commands),
        ".gitignore": ".aws-sam/\nsamconfig.toml\n",
    }
