"""Which modules are mutated together, and the tests that must notice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """Modules (patterns of paths in ``lambda_over_https``) and the tests that belong to them.

    ``shared``: the tests need a sandbox; one is started for all.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    shared: bool = False


GROUPS = {
    "engine": Group(
        (
            *("engine/make/engine.py", "engine/make/plan.py", "engine/make/making.py"),
            *("engine/make/sights.py", "engine/make/obstacles.py", "engine/make/order.py"),
            *("engine/parts.py", "engine/acts.py", "engine/graph.py"),
        ),
        (
            "tests/engine/test_engine.py",
            "tests/engine/test_graph.py",
            "tests/engine/test_one_at_a_time.py",
            "tests/engine/test_rebuilding.py",
            "tests/engine/test_retirement.py",
            "tests/engine/test_second_look.py",
            "tests/engine/test_teardown.py",
            "tests/engine/test_undo.py",
        ),
    ),
    "teardown": Group(
        (
            "engine/remove/teardown.py",
            "engine/remove/remover.py",
            "engine/remove/inventory.py",
            "engine/remove/proofs.py",
            "engine/remove/removal.py",
            "engine/remove/second_look.py",
            "engine/undo.py",
        ),
        ("tests/engine/test_second_look.py", "tests/engine/test_teardown.py", "tests/engine/test_undo.py"),
    ),
    "recover": Group(
        ("engine/recover/recover.py", "engine/recover/rebuilding.py"), ("tests/engine/test_rebuilding.py",)
    ),
    "journal": Group(
        (
            "deployment/journal/state.py",
            "deployment/journal/journal.py",
            "deployment/journal/format.py",
            "deployment/journal/places.py",
        ),
        (
            "tests/deployment/test_format.py",
            "tests/deployment/test_journal.py",
            "tests/deployment/test_places.py",
        ),
    ),
    "checks": Group(
        ("tutorial/checks.py", "tutorial/ways.py"),
        ("tests/tutorial/test_checks.py", "tests/tutorial/test_three_ways.py", "tests/tutorial/test_ways.py"),
    ),
    "retries": Group(
        ("aws/waiting/retries.py", "aws/waiting/verdict.py"),
        (
            "tests/aws/waiting/test_queue.py",
            "tests/aws/waiting/test_retries.py",
            "tests/aws/waiting/test_retry_waits.py",
        ),
    ),
    "doctor": Group(
        (
            "doctor/__init__.py",
            "doctor/after.py",
            "doctor/answers.py",
            "doctor/before.py",
            "doctor/function.py",
            "doctor/gateway.py",
            "doctor/limits.py",
            "doctor/role.py",
        ),
        (
            "tests/doctor/test_findings.py",
            "tests/doctor/test_limits.py",
            "tests/doctor/test_machine.py",
            "tests/doctor/test_probes.py",
        ),
    ),
    "exports": Group(
        (
            "transcript/selection.py",
            "transcript/script.py",
            "transcript/way_back.py",
            "transcript/words.py",
            "transcript/aws_cli.py",
            "transcript/python.py",
        ),
        (
            "tests/transcript/test_line_widths.py",
            "tests/transcript/test_scripts_in_memory.py",
            "tests/transcript/test_selection.py",
            "tests/transcript/test_writing_calls.py",
        ),
    ),
    "iam": Group(
        (
            "sandbox/iam/policies/policy.py",
            "sandbox/iam/callers/access_keys.py",
            "sandbox/iam/authorization.py",
        ),
        (
            "tests/sandbox/iam/test_access_keys.py",
            "tests/sandbox/iam/test_answers.py",
            "tests/sandbox/iam/test_policy.py",
            "tests/sandbox/iam/test_resource_policy.py",
            "tests/sandbox/iam/test_users.py",
        ),
    ),
    "admission": Group(
        ("sandbox/gateway/gates/admission.py", "sandbox/model/token_bucket.py", "sandbox/model/usage.py"),
        (
            "tests/sandbox/gateway/test_admission.py",
            "tests/sandbox/gateway/test_watch.py",
            "tests/sandbox/model/test_token_bucket.py",
            "tests/sandbox/model/test_usage.py",
        ),
    ),
    "statuses": Group(
        (
            "sandbox/gateway/errors.py",
            "sandbox/gateway/responses.py",
            "sandbox/gateway/gates/validation.py",
            "sandbox/gateway/mapping/headers.py",
        ),
        (
            "tests/sandbox/gateway/test_errors.py",
            "tests/sandbox/gateway/test_responses.py",
            "tests/sandbox/gateway/test_validation.py",
            "tests/sandbox/gateway/test_headers.py",
        ),
    ),
    "pool": Group(("sandbox/lambda_/pool.py",), ("tests/sandbox/lambda_/test_worker_pool.py",)),
}
