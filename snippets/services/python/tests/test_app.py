import asyncio
import time

import pytest

from .parts import <%#broker%>BrokenEvents, <%/broker%>BrokenItems, <%#broker%>FakeEvents, <%/broker%>FakeItems, bearer, client


def test_health_needs_no_login() -> None:
    response = client().get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_ready_unless_the_service_stops_or_what_it_needs_is_away() -> None:
    assert client().get("/readyz").status_code == 200
    assert client(stopping=True).get("/readyz").status_code == 503
    assert client(BrokenItems()).get("/readyz").status_code == 503
<%#broker%>
    assert client(events=BrokenEvents()).get("/readyz").status_code == 503
<%/broker%>


def test_ready_answers_even_when_something_hangs() -> None:
    class HangingItems(FakeItems):
        async def check(self) -> None:
            await asyncio.sleep(60)

    started = time.monotonic()
    assert client(HangingItems()).get("/readyz").status_code == 503
    assert time.monotonic() - started < 2


def test_an_item_can_be_added_and_is_listed() -> None:
<%#broker%>
    events = FakeEvents()
    service = client(events=events)
<%/broker%>
<%^broker%>
    service = client()
<%/broker%>
    added = service.post("/v1/items", headers=bearer(), json={"name": "a kettle"})
    assert added.status_code == 201
    assert added.json()["name"] == "a kettle"
    assert set(added.json()) == {"id", "name", "createdAt"}
    assert service.get("/v1/items", headers=bearer()).json() == {"items": [added.json()]}
<%#broker%>
    assert [event.model_dump(mode="json") for event in events.published] == [
        {"type": "item.created", "id": added.json()["id"]}
    ]
<%/broker%>


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        '{"name": ""}',
        '{"name": "' + "x" * 101 + '"}',
        '{"name": 5}',
        '{"name": "nul\\u0000"}',
        '{"name": "half a letter \\ud800"}',
        '{"name": "x", "admin": true}',
        "[]",
        "null",
        "{",
    ],
)
def test_what_is_not_an_item_is_refused(body: str) -> None:
    items = FakeItems()
    headers = bearer() | {"Content-Type": "application/json"}
    response = client(items).post("/v1/items", headers=headers, content=body)
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert items.kept == []


def test_only_json_is_read() -> None:
    headers = bearer() | {"Content-Type": "text/plain"}
    assert client().post("/v1/items", headers=headers, content='{"name": "x"}').status_code == 400


def test_a_large_body_is_refused() -> None:
    response = client().post("/v1/items", headers=bearer(), json={"name": "x" * 100_000})
    assert response.status_code == 413
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_database_that_is_away_is_a_503_without_its_reason() -> None:
    response = client(BrokenItems()).get("/v1/items", headers=bearer())
    assert response.status_code == 503
    assert "refused" not in response.text
<%#broker%>


def test_a_broker_that_is_away_is_a_503() -> None:
    response = client(events=BrokenEvents()).post("/v1/items", headers=bearer(), json={"name": "a kettle"})
    assert response.status_code == 503
<%/broker%>


@pytest.mark.parametrize("path", ["/healthz", "/v1/items", "/nowhere"])
def test_every_answer_carries_the_security_headers(path: str) -> None:
    headers = client().get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert "Server" not in headers


@pytest.mark.parametrize("path", ["/nowhere", "/docs", "/redoc", "/openapi.json"])
def test_what_does_not_exist_is_a_problem_too(path: str) -> None:
    response = client().get(path)
    assert response.status_code == 404
    assert response.json()["title"] == "Not Found"
