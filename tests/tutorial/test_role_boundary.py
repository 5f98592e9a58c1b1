"""A role with a permissions boundary: made with it, given it later, or kept as somebody set it."""

import json

import pytest

from tests.kit.program.support import Account, done, loh


@pytest.fixture
def boundary(account: Account, name: str) -> str:
    """The ARN of the boundary that ``loh policy --boundary`` prints for the deployment."""
    document = done("policy", "--boundary", "--name", name).json
    made = account.client("iam").create_policy(
        PolicyName=f"{name}-lambda-gateway-boundary", PolicyDocument=json.dumps(document)
    )
    return str(made["Policy"]["Arn"])


def of_role(account: Account, name: str) -> str:
    role = account.client("iam").get_role(RoleName=f"{name}-lambda-gateway-execution-role")["Role"]
    return str(role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""))


def planned(name: str, *options: str) -> dict[str, object]:
    steps = done("plan", "--json", "--name", name, *options).json["steps"]
    [step] = [each for each in steps if each["number"] == "2.2"]
    return dict(step)


def test_a_role_is_made_with_it_and_the_tutorial_works(account: Account, name: str, boundary: str) -> None:
    where = ("--name", name)
    done("run", "--no-pause", *where, "--permissions-boundary", boundary)
    assert of_role(account, name) == boundary
    assert done("verify", "--json", *where).json["passed"]
    assert planned(name)["action"] == "keep"
    done("teardown", "--yes", *where)


def test_a_role_gets_it_later_and_back_when_it_was_taken_off(
    account: Account, name: str, boundary: str
) -> None:
    run = ("run", "--no-pause", "--to", "2.2", "--name", name)
    done(*run)
    assert of_role(account, name) == ""
    wanted = planned(name, "--permissions-boundary", boundary)
    assert (wanted["action"], wanted["calls"]) == ("update", ["iam:PutRolePermissionsBoundary"])
    done(*run, "--permissions-boundary", boundary)
    assert of_role(account, name) == boundary
    account.client("iam").delete_role_permissions_boundary(RoleName=f"{name}-lambda-gateway-execution-role")
    done(*run)
    assert of_role(account, name) == boundary, "the journal remembers the choice"
    done("teardown", "--yes", "--name", name)


def test_one_that_somebody_else_gave_it_stays_and_is_mentioned(
    account: Account, name: str, boundary: str
) -> None:
    run = ("run", "--no-pause", "--to", "2.2", "--name", name)
    done(*run)
    account.client("iam").put_role_permissions_boundary(
        RoleName=f"{name}-lambda-gateway-execution-role", PermissionsBoundary=boundary
    )
    assert f"its permissions boundary {boundary}" in str(planned(name)["reason"])
    done(*run)
    assert of_role(account, name) == boundary
    done("teardown", "--yes", "--name", name)


def test_a_recovery_finds_which_one_was_chosen(account: Account, name: str, boundary: str) -> None:
    from lambda_over_https.deployment.deployments import journal_on_disk
    from lambda_over_https.settings import Settings

    done("run", "--no-pause", "--to", "2.2", "--name", name, "--permissions-boundary", boundary)
    journal = journal_on_disk(Settings(name=name))
    assert journal is not None
    journal.path.unlink()
    done("recover", "--name", name)
    again = journal_on_disk(Settings(name=name))
    assert again is not None
    assert again.state.choices["permissions_boundary"] == boundary
    done("teardown", "--yes", "--name", name)


def test_what_is_no_policy_is_refused_before_anything_is_made(account: Account, name: str) -> None:
    role = "arn:aws:iam::123456789012:role/x"
    refused = loh("run", "--no-pause", "--name", name, "--permissions-boundary", role)
    assert refused.code == 2
    assert "is not the ARN of a managed policy" in refused.err
