"""The hidden tests of the miniature."""

from grader.acceptance import Draw, Service, StartService, criterion, require


@criterion("AC1")
def test_numbers_are_doubled(service: Service, draw: Draw) -> None:
    """A number comes back doubled."""
    number = draw.integer(1, 10**6)
    body = service.post("/double", json={"number": number}).expect(200, why="it can be doubled")
    require(
        body.object().get("result") == 2 * number,
        f"{number} was sent and {body.text[:200]} came back; the ticket asks for {2 * number}.",
    )


@criterion("AC1")
def test_it_works_in_a_second_process(start: StartService) -> None:
    """Another start doubles as well."""
    service = start(env={"EXTRA": "1"})
    service.post("/double", json={"number": 4}).expect(200, why="it can be doubled")
    service.restart()
    service.post("/double", json={"number": 4}).expect(200, why="it can be doubled")


@criterion("AC2")
def test_nonsense_is_refused(service: Service) -> None:
    """A body without a number is refused."""
    refused = service.post("/double", json={})
    service.get("/hello")
    refused.expect(422, why="the number is missing")


@criterion("HELLO")
def test_it_greets(service: Service) -> None:
    """It greets."""
    service.get("/hello").expect(200, why="a greeting is there")
