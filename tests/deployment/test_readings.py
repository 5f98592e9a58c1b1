"""What a command has read, and may use again."""

from lambda_over_https.deployment.readings import Readings


def test_what_another_thread_changes_while_it_is_read_is_read_again() -> None:
    readings = Readings()

    def read() -> str:
        readings.forget()  # as another thread does, which has made something meanwhile
        return "before"

    assert readings.once("API", read) == "before"
    assert readings.once("API", lambda: "after") == "after"
    assert readings.once("API", lambda: "later") == "after"
