"""What lies beside a SAM template: a README with the commands for it."""

from lambda_over_https.infrastructure.description import Description
from lambda_over_https.infrastructure.readme import DELETE, TAKEN, readme, requests
from lambda_over_https.infrastructure.sam.template import camel, left_out, template

_TESTED = "The template was not deployed on AWS."

_KEPT = "the stack aws-sam-cli-managed-default, of all your SAM projects, stays"
"""What SAM makes once for an account, and ``sam delete`` does not remove."""


def not_included(description: Description) -> list[str]:
    """What of the deployment is not in the template."""
    return [*description.left_out, *left_out(description)]


def _commands(description: Description, stack: str) -> dict[str, str]:
    needed = [f"{camel(each.name)}=…" for each in description.parameters if each.default is None]
    chosen = f" --parameter-overrides {' '.join(needed)}" if needed else ""
    query = "\"Stacks[0].Outputs[?OutputKey=='$1'].OutputValue\""
    read = f"aws cloudformation describe-stacks --stack-name {stack} --query {query} --output text"
    return {
        "Deploy": f"sam deploy --stack-name {stack} --resolve-s3 --capabilities CAPABILITY_IAM{chosen}",
        "Read outputs": f"output() {{ {read}; }}",
        **requests(description, "$(output InvokeUrl)", "$(output ApiKeyId)"),
        f"{DELETE} ({_KEPT})": f"sam delete --stack-name {stack}",
    }


def files(description: Description, name: str) -> dict[str, str]:
    """The folder's files but for the handler; ``name`` is the deployment's."""
    about = [_TESTED, TAKEN.format(name=name, how="`--parameter-overrides`")]
    commands = _commands(description, f"lambda-over-https-{name.replace('_', '-')}")
    return {
        "template.yaml": template(description),
        "README.md": readme(about, commands, not_included(description)),
        ".gitignore": ".aws-sam/\nsamconfig.toml\n",
    }
