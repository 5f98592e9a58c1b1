"""What an instructor does during a class: make it, hand out pages, show it, look at one, break one."""

import re
from pathlib import Path

import pytest

from lambda_over_https.files import write_private
from lambda_over_https.names import names_for
from tests.kit.account.census import census, difference
from tests.kit.program.support import Account, done, loh, use_keys
from tests.kit.sandbox.control import policy, trust_policy

UNBREAKABLE = {
    "permision": (2, "Did you mean permission?"),
    "path": (2, "The drill path breaks nothing, so there is nothing to find."),
    "closed": (1, "The drill closed needs the chapter protect, which is off in bob's deployment."),
    "silent": (1, "What can be broken there: permission, policy, raises, unmapped, redeploy."),
}
"""Drills that break nothing in a deployment without chapters, and how each is refused."""

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def test_a_new_class_says_what_it_implies_and_makes_nothing_at_aws(
    account: Account, name: str, roster: Path, world: Path
) -> None:
    before = census(account)
    said = done("class", "new", name, "--prefix", name, "--roster", str(roster), "--json").json
    assert difference(before, census(account)) == []
    assert [each["deployment"] for each in said["students"]] == [f"{name}-alice", f"{name}-bob"]
    assert all(each["fits"] and each["wanted"] == 2 for each in said["quotas"])
    assert set(said["minutes"]) == {"run", "sweep"}
    kept = world / "classes" / name / "class.json"
    assert (kept.stat().st_mode & 0o077, "alice@example.org" in kept.read_text()) == (0, True)


def test_two_classes_share_no_names_in_one_account(account: Account, name: str, taught: str) -> None:
    refused = loh("class", "new", f"{name}-2", "--prefix", name, "--count", "2")
    assert refused.code == 0, "01 and 02 are not in the other's roster"
    refused = loh("class", "new", f"{name}-3", "--prefix", name, "--count", "3")
    assert (refused.code, f"The class {name}-2 has deployments" in refused.err) == (2, True)
    done("class", "new", f"{name}-3", "--prefix", f"{name}x", "--count", "3")


def test_a_roster_with_a_mistake_makes_no_class(account: Account, name: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("name\nalice\nAlice\n")
    refused = loh("class", "new", name, "--roster", str(wrong))
    assert (refused.code, "line 3" in refused.err) == (2, True)
    assert loh("class", "status", "--class", name).code == 2
    assert loh("class", "new", name).code == 2
    assert loh("class", "new", name, "--count", "3", "--roster", str(wrong)).code == 2


@pytest.mark.parametrize("form", ["md", "html"])
def test_each_student_gets_a_page_with_the_own_names_and_nobody_elses(
    taught: str, tmp_path: Path, form: str
) -> None:
    done("class", "handouts", str(tmp_path / "pages"), "--class", taught, "--format", form)
    pages = {path.stem: path.read_text() for path in (tmp_path / "pages").iterdir()}
    assert set(pages) == {"instructor", f"{taught}-alice", f"{taught}-bob"}
    page, names = pages[f"{taught}-alice"], names_for(f"{taught}-alice")
    for wanted in (names.role, names.function, names.table, "loh doctor", "loh teardown", "loh report"):
        assert wanted in page
    assert "bob" not in page
    assert "alice@example.org" not in "".join(pages.values())
    assert f"LAMBDA_OVER_HTTPS_NAME={taught}-alice" in page


@pytest.mark.parametrize("form", ["md", "html"])
def test_a_class_with_sandboxes_shares_nothing_and_its_pages_say_nothing_of_sharing(
    taught: str, tmp_path: Path, form: str
) -> None:
    done("class", "handouts", str(tmp_path), "--class", taught, "--format", form)
    page = (tmp_path / f"instructor.{form}").read_text()
    assert "2 students, each with a sandbox on their own machine" in page
    assert not re.findall("boundary|policy|users|sweep|credentials|trust|AccessDenied|account", page)
    assert "loh sandbox stop" in page
    assert "loh sandbox stop" in (tmp_path / f"{taught}-alice.{form}").read_text()


def test_the_report_is_written_after_the_teardown_and_is_called_like_the_student(
    taught: str, tmp_path: Path
) -> None:
    """So it holds the proof of removal, and no two of a class are called the same."""
    done("class", "handouts", str(tmp_path), "--class", taught, "--format", "md")
    page = (tmp_path / f"{taught}-alice.md").read_text()
    assert f"loh teardown\nloh report -o {taught}-alice.json\n" in page


def test_a_page_installs_the_program_from_its_folder_and_from_no_package_index(
    taught: str, tmp_path: Path
) -> None:
    """The name is nobody's there, so it could become anybody's."""
    done("class", "handouts", str(tmp_path), "--class", taught, "--format", "md")
    page = (tmp_path / f"{taught}-alice.md").read_text()
    assert "scripts/venv\n" in page
    assert "pip install" not in page


def test_a_name_from_the_roster_is_text_in_a_page(taught: str, tmp_path: Path) -> None:
    for form in ("md", "html"):
        done("class", "handouts", str(tmp_path), "--class", taught, "--format", form)
    assert "<b>Łuk</b>" not in (tmp_path / f"{taught}-alice.html").read_text()
    assert "Alice &lt;b&gt;Łuk&lt;/b&gt;" in (tmp_path / f"{taught}-alice.html").read_text()
    assert "\\*A\\*" in (tmp_path / f"{taught}-alice.md").read_text()


@pytest.mark.parametrize("form", ["md", "html"])
def test_nobody_else_can_read_the_pages(taught: str, tmp_path: Path, form: str) -> None:
    pages = tmp_path / "pages"
    for _ in range(2):  # also those that were there before
        done("class", "handouts", str(pages), "--class", taught, "--format", form)
        assert {path.stat().st_mode & 0o777 for path in pages.iterdir()} == {0o600}
        next(pages.iterdir()).chmod(0o644)
    assert pages.stat().st_mode & 0o077 == 0


def test_a_page_names_the_file_that_holds_the_students_key(
    own: Account, name: str, roster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys(monkeypatch, own.sandbox)
    where = ("--endpoint-url", own.sandbox.endpoint_url, "--region", "us-east-1")
    done("class", "new", name, "--prefix", name, "--roster", str(roster), *where)
    done("class", "users", "create", str(tmp_path), "--class", name, "--yes")
    done("class", "handouts", str(tmp_path), "--class", name)
    keys = {path.name for path in tmp_path.glob("credentials-*")}
    assert keys == {f"credentials-{name}-alice", f"credentials-{name}-bob"}
    assert f"$PWD/credentials-{name}-alice" in (tmp_path / f"{name}-alice.html").read_text()
    page = (tmp_path / "instructor.html").read_text()
    assert all(each in page for each in ("loh class sweep", "loh class users remove", "AccessDenied at 2.2"))
    done("class", "users", "remove", "--class", name, "--yes")


def test_a_page_needs_nothing_from_elsewhere(taught: str, tmp_path: Path) -> None:
    done("class", "handouts", str(tmp_path), "--class", taught)
    page = (tmp_path / f"{taught}-alice.html").read_text()
    assert not any(each in page for each in ("src=", "href=", "url(", "@import", "<script"))


def test_a_demonstration_is_made_looked_at_and_swept(taught: str, account: Account) -> None:
    own = ("--class", taught)
    done("class", "run", *own, "--to", "3.1")
    assert len(account.of(taught)) == 12
    unfinished = loh("class", "look", "alice", *own, "--json")
    wrong = [each for each in unfinished.json["findings"] if not each["ok"]]
    assert (unfinished.code, wrong[0]["name"]) == (1, "step 3.2")
    done("class", "run", *own, "--only", "alice")
    before = census(account)
    looked = loh("class", "look", "alice", *own)
    assert (looked.code, difference(before, census(account))) == (0, [])
    rows = done("class", "status", *own, "--ask", "--json").json["students"]
    assert {each["name"]: each["step"] for each in rows} == {"alice": "3.7", "bob": "3.1"}
    assert loh("class", "sweep", *own, "--yes").code == 0
    assert account.of(taught) == set()


def test_a_fault_breaks_one_and_a_look_says_whether_it_is_repaired(
    taught: str, account: Account, world: Path, tmp_path: Path
) -> None:
    own = ("--class", taught)
    done("class", "run", *own)
    card = done("class", "fault", "permission", "--for", "alice", *own, "--json").json
    assert card["seen"][-1]["status"] == 500
    rows = done("class", "status", *own, "--ask", "--json").json["students"]
    assert [(each["name"], each["answers"]) for each in rows] == [("alice", False), ("bob", True)]
    looked = loh("class", "look", "alice", *own)
    assert (looked.code, "You can type that here" in looked.err) == (1, True)
    again = loh("class", "fault", "policy", "--for", "alice", *own)
    assert (again.code, "is not whole: step 3.6 is not done" in again.err) == (1, True)
    assert f"`loh class run --class {taught} --only alice` makes what is missing" in again.err
    (world / "deployments" / "sandbox" / f"{taught}-alice" / "journal.json").rename(tmp_path / "elsewhere")
    looked = loh("class", "look", "alice", *own)
    assert f"`loh recover --name {taught}-alice` comes first" in " ".join(looked.err.split())
    done("recover", "--name", f"{taught}-alice")
    done("run", "--no-pause", "--name", f"{taught}-alice")
    assert loh("class", "look", "alice", *own).code == 0
    before = census(account)
    for drill, (code, said) in UNBREAKABLE.items():
        refused = loh("class", "fault", drill, "--for", "bob", *own)
        assert (refused.code, said in " ".join(refused.err.split())) == (code, True), refused.err
    assert difference(before, census(account)) == []
    assert loh("class", "sweep", *own, "--yes").code == 0


def _kill_before_the_secret_is_written(keys: Path, monkeypatch: pytest.MonkeyPatch, taught: str) -> None:
    """The next run finds that nobody can have the key, replaces it, and says so."""
    own, file = ("--class", taught, "--yes"), keys / f"credentials-{taught}-alice"
    killed = list[bytes]()

    def write_or_die(path: Path, data: bytes) -> None:
        if b"secret" in data:
            killed.append(data)
            raise SystemExit(9)
        write_private(path, data)

    with monkeypatch.context() as patch:
        patch.setattr("lambda_over_https.classroom.access.users.write_private", write_or_die)
        assert loh("class", "users", "create", str(keys), "--renew", "alice", *own).code == 9
    assert b"secret" not in file.read_bytes()
    again = done("class", "users", "create", str(keys), *own)
    assert f"New keys for {taught}-alice: a run that was killed" in " ".join(again.err.split())
    assert b"secret" in file.read_bytes()
    assert file.read_bytes() not in killed
    assert ": 0 keys," in " ".join(done("class", "users", "create", str(keys), *own).err.split())


def test_users_are_made_once_and_exactly_they_are_removed(
    taught: str, account: Account, tmp_path: Path, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    iam, own = account.client("iam"), ("--class", taught, "--yes")
    iam.create_user(UserName=f"{taught}-carol")  # of nobody's class
    before = census(account)
    done("class", "users", "create", str(tmp_path / "keys"), *own)
    files = {path.name: path for path in (tmp_path / "keys").iterdir()}
    assert set(files) == {f"credentials-{taught}-alice", f"credentials-{taught}-bob"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in files.values())
    secrets = [
        line.split(" = ")[1]
        for path in files.values()
        for line in path.read_text().splitlines()
        if "secret" in line
    ]
    kept = "".join(path.read_text(errors="replace") for path in world.rglob("*") if path.is_file())
    assert secrets
    assert not any(secret in kept for secret in secrets)
    again = done("class", "users", "create", str(tmp_path / "more"), *own)
    assert "Written to" in again.err
    assert ": 0 keys," in " ".join(again.err.split())
    assert f"not in {tmp_path / 'more'}: {taught}-alice, {taught}-bob" in " ".join(again.err.split())
    _kill_before_the_secret_is_written(tmp_path / "keys", monkeypatch, taught)
    (tmp_path / "keys" / f"credentials-{taught}-bob").unlink()
    renewed = done("class", "users", "create", str(tmp_path / "keys"), "--renew", "bob", *own)
    assert ": 1 key," in " ".join(renewed.err.split())
    assert (tmp_path / "keys" / f"credentials-{taught}-bob").exists()
    assert len(iam.list_access_keys(UserName=f"{taught}-bob")["AccessKeyMetadata"]) == 1
    (tmp_path / "left.csv").write_text("name\nalice\n")
    done("class", "new", taught, "--roster", str(tmp_path / "left.csv"), "--again")
    without_bob = done("class", "users", "create", str(tmp_path / "keys"), *own)
    assert "not in the class any more: 1 user." in " ".join(without_bob.err.split())
    users = iam.list_users(PathPrefix=f"/lambda-over-https/{taught}/")["Users"]
    assert [each["UserName"] for each in users] == [f"{taught}-alice"]
    done("class", "users", "remove", *own)
    assert difference(before, census(account)) == []
    done("class", "users", "remove", *own)
    iam.delete_user(UserName=f"{taught}-carol")


def test_made_again_users_may_do_what_is_asked_for_now(taught: str, account: Account, tmp_path: Path) -> None:
    iam, own = account.client("iam"), ("--class", taught, "--yes")
    before = census(account)

    def actions() -> set[str]:
        found: set[str] = set()
        attached = iam.list_attached_group_policies(GroupName=f"{taught}-students")["AttachedPolicies"]
        for each in attached:
            version = iam.get_policy(PolicyArn=each["PolicyArn"])["Policy"]["DefaultVersionId"]
            document = iam.get_policy_version(PolicyArn=each["PolicyArn"], VersionId=version)
            for statement in document["PolicyVersion"]["Document"]["Statement"]:
                found.update(statement["Action"])
        return found

    done("class", "users", "create", str(tmp_path), *own)
    plain = actions()
    assert "scheduler:CreateSchedule" not in plain
    done("class", "users", "create", str(tmp_path), "--chapter", "all", *own)
    assert {*plain, "scheduler:CreateSchedule"} <= actions()
    iam.remove_user_from_group(GroupName=f"{taught}-students", UserName=f"{taught}-bob")
    done("class", "users", "create", str(tmp_path), *own)
    assert actions() == plain
    students = iam.get_group(GroupName=f"{taught}-students")["Users"]
    assert {each["UserName"] for each in students} == {f"{taught}-alice", f"{taught}-bob"}
    done("class", "users", "remove", *own)
    assert difference(before, census(account)) == []


def test_a_user_with_a_policy_of_others_is_named_and_holds_nobody_else_up(
    taught: str, account: Account, tmp_path: Path
) -> None:
    iam, user = account.client("iam"), f"{taught}-alice"
    done("class", "users", "create", str(tmp_path), "--class", taught, "--yes")
    iam.put_user_policy(UserName=user, PolicyName="company", PolicyDocument=policy("s3:*"))
    iam.attach_user_policy(UserName=user, PolicyArn=READ_ONLY)
    first = loh("class", "users", "remove", "--class", taught, "--yes")
    assert (first.code, f"{user} is still there" in first.err) == (3, True)
    told = first.err.splitlines()
    assert [each.strip() for each in told if each.startswith("  aws ")] == [
        f"aws iam detach-user-policy --user-name {user} --policy-arn {READ_ONLY}",
        f"aws iam delete-user-policy --user-name {user} --policy-name company",
    ]
    assert f"`loh class users remove --class {taught}`" in told[-1]
    users = {each["UserName"] for each in account.listed("iam", "list_users", "Users")}
    assert {each for each in users if each.startswith(f"{taught}-")} == {user}
    assert iam.list_access_keys(UserName=user)["AccessKeyMetadata"] == []
    iam.delete_user_policy(UserName=user, PolicyName="company")
    iam.detach_user_policy(UserName=user, PolicyArn=READ_ONLY)
    assert loh("class", "users", "remove", "--class", taught, "--yes").code == 0
    assert account.listed("iam", "list_users", "Users") == []


def test_a_policy_that_somebody_uses_stays_and_its_users_are_named(
    taught: str, account: Account, tmp_path: Path
) -> None:
    iam = account.client("iam")
    done("class", "users", "create", str(tmp_path), "--class", taught, "--yes")
    made = account.listed("iam", "list_policies", "Policies", Scope="Local")
    [arn] = [each["Arn"] for each in made if each["PolicyName"] == f"{taught}-lambda-gateway-policy-1"]
    iam.create_role(RoleName=taught, AssumeRolePolicyDocument=trust_policy())
    iam.attach_role_policy(RoleName=taught, PolicyArn=arn)
    refused = loh("class", "users", "remove", "--class", taught, "--yes")
    assert refused.code == 1
    assert f"still in use: role {taught}." in refused.err
    assert f"`loh class users remove --class {taught}`" in refused.err
    iam.detach_role_policy(RoleName=taught, PolicyArn=arn)
    iam.delete_role(RoleName=taught)
    assert loh("class", "users", "remove", "--class", taught, "--yes").code == 0


def test_a_user_of_somebody_elses_is_not_taken_for_ours(
    taught: str, account: Account, tmp_path: Path
) -> None:
    iam = account.client("iam")
    iam.create_user(UserName=f"{taught}-bob")
    refused = loh("class", "users", "create", str(tmp_path), "--class", taught, "--yes")
    assert (refused.code, "is not this class's" in refused.err) == (1, True)
    done("class", "users", "remove", "--class", taught, "--yes")
    assert iam.get_user(UserName=f"{taught}-bob")
    iam.delete_user(UserName=f"{taught}-bob")
